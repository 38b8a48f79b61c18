import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../../src-preload/contract/fields.ts';
import { toJson } from '../../src-main/cli/program.ts';
import { fakeCommands, paint, runFake } from './fake-commands.ts';

describe('runCommandLine', () => {
  it('gives JSON alone on stdout, and progress on stderr', async () => {
    const outcome = await runFake(['paint', 'north', 'south', '--json', '--home', '/h']);
    expect(outcome.exitCode).toBe(0);
    expect(JSON.parse(outcome.stdout)).toEqual({ painted: 2, failed: [] });
    expect(outcome.stderr).toContain('Painting');
    expect(outcome.homeDir).toBe('/h');
  });

  it('gives aligned text without --json', async () => {
    const outcome = await runFake(['walls', 'list']);
    expect(outcome.stdout).toBe('name    duration\n─────  ─────────\nnorth  1 min 1 s\n');
  });

  it('exits with 1 and still gives the output when part of the work failed', async () => {
    const outcome = await runFake(['paint', 'wet', 'north', '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(JSON.parse(outcome.stdout)).toEqual({ painted: 1, failed: ['wet'] });
  });

  it('exits with 1 when the handler fails, message and remedy on stderr and no stack', async () => {
    const outcome = await runFake(['paint', 'crash']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toContain('error: Something went wrong inside Resynth: the ladder fell');
    expect(outcome.stderr).not.toContain('.ts:');
  });

  it('shows the stack with --debug', async () => {
    const outcome = await runFake(['paint', 'crash', '--debug']);
    expect(outcome.stderr).toContain('fake-commands.ts:');
  });

  it.each([
    [['paint', 'crash', '--json'], 1, 'internal/unexpected'],
    [['paint', '--json'], 2, 'cli/missing-argument'],
    [['--json', 'pain'], 2, 'cli/unknown-command'],
    [['paint', 'lie', '--json'], 1, 'cli/bad-output'],
  ])('gives the error of %j as JSON alone', async (argv, exitCode, code) => {
    const outcome = await runFake(argv);
    expect(outcome.exitCode).toBe(exitCode);
    const told = JSON.parse(outcome.stdout) as { error: { code: string; message: string; remedy: string } };
    expect(told.error.code).toBe(code);
    expect(told.error.message).not.toMatch(/\{\w+\}/);
    expect(told.error.remedy).not.toMatch(/\{\w+\}/);
  });

  it('takes --json behind -- for an argument', async () => {
    const outcome = await runFake(['paint', '--', '--json']);
    expect(outcome.stdout).toContain('painted  1');
  });

  it('exits with 130 when interrupted', async () => {
    const controller = new AbortController();
    const running = runFake(['paint', 'wait'], controller.signal);
    setTimeout(() => controller.abort(), 5);
    const outcome = await running;
    expect(outcome.exitCode).toBe(130);
    expect(outcome.stderr).toContain('Cancelled');
  });

  it('exits with 130 and still gives the output when the work was stopped and saved', async () => {
    const controller = new AbortController();
    const running = runFake(['paint', 'late', '--json'], controller.signal);
    setTimeout(() => controller.abort(), 5);
    const outcome = await running;
    expect(outcome.exitCode).toBe(130);
    expect(JSON.parse(outcome.stdout)).toEqual({ painted: 1, failed: [] });
  });

  it('says the version', async () => {
    expect((await runFake(['--version'])).stdout).toBe('9.9.9\n');
  });
});

describe('help', () => {
  it.each([[['help']], [['help', 'walls', 'remove']], [['help', 'walls']]])(
    'is a command too: %j',
    async (argv) => {
      const flag = await runFake([...argv.slice(1), '--help']);
      const word = await runFake(argv);
      expect(word).toEqual(flag);
      expect(word.exitCode).toBe(0);
    },
  );

  it.each(fakeCommands.map((command) => command.name))('of %s lists every flag', async (name) => {
    const command = fakeCommands.find((one) => one.name === name) ?? paint;
    const outcome = await runFake([...name.split(' '), '--help']);
    expect(outcome.exitCode).toBe(0);
    for (const field of fieldsOf(command)) {
      const shown = field.positional ? field.placeholder : field.flag.slice(2);
      expect(outcome.stdout).toContain(shown);
      if (field.title !== undefined) expect(outcome.stdout).toContain(field.title);
    }
    for (const flag of ['--json', '--home', '--help', '--debug']) expect(outcome.stdout).toContain(flag);
  });

  it('shows units, ranges, choices, defaults and examples', async () => {
    const { stdout } = await runFake(['paint', '--help']);
    expect(stdout).toMatch(/--layers N +Layers\. More cover more\. \(in layers; 0 to 9; default 2\)/);
    expect(stdout).toMatch(/--colour red\|green\|blue/);
    expect(stdout).toMatch(/--stop-at best\|last\|N/);
    expect(stdout).toMatch(/--no-primer +Without: Primer/);
    expect(stdout).toMatch(/--set KEY=VALUE \.\.\./);
    expect(stdout).toContain('npm run resynth -- paint north south --colour blue');
  });

  it('of nothing lists every command, of a group its members', async () => {
    const all = (await runFake([])).stdout;
    for (const command of fakeCommands) expect(all).toContain(command.name);
    const group = (await runFake(['walls', '--help'])).stdout;
    expect(group).toContain('walls remove');
    expect(group).not.toContain('paint');
  });
});

describe('toJson', () => {
  it('keeps numbers that are not finite, and typed arrays', () => {
    expect(JSON.parse(toJson({ loss: NaN, best: -Infinity, code: Float32Array.of(0.5, NaN) }))).toEqual({
      loss: 'NaN',
      best: '-Infinity',
      code: [0.5, 'NaN'],
    });
  });
});
