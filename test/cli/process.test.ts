import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const entry = path.resolve(import.meta.dirname, '../../src-main/cli/index.ts');

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the real command line in a process of its own, on a data folder of its own. */
async function resynth(
  argv: string[],
  options: {
    home?: string;
    whenStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  } = {},
): Promise<Ended> {
  const home = options.home ?? (await temporaryFolder());
  const { INIT_CWD: _cwd, npm_lifecycle_event: _event, ...env } = process.env;
  const child = spawn(process.execPath, [entry, ...argv], {
    env: { ...env, RESYNTH_HOME: home },
    stdio: 'pipe',
  });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ended.stderr += text;
    options.whenStderr?.(ended.stderr, (signal) => child.kill(signal));
  });
  ended.code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return ended;
}

describe('the command line as a process', () => {
  it('gives JSON alone on stdout, an empty data folder included', async () => {
    const ended = await resynth(['datasets', 'list', '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toEqual({ datasets: [], damaged: [] });
  });

  it('exits with 2 for a line that it refuses and 1 for work that failed, both as JSON', async () => {
    const refused = await resynth(['train', '--datset', 'x', '--json']);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: 'cli/unknown-flag', remedy: expect.stringContaining('--dataset') as string },
    });
    const failed = await resynth(['datasets', 'add', path.join(await temporaryFolder(), 'none'), '--json']);
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'dataset/folder-missing' } });
  });

  it('does not load TensorFlow to list, and is quick about it', async () => {
    const started = performance.now();
    expect((await resynth(['models', '--json'])).code).toBe(0);
    // Half a second on an idle machine; ten times that where tests run side by side.
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('reads the data folder of --home before that of the environment', async () => {
    const elsewhere = path.join(await temporaryFolder(), 'file');
    await writeFile(elsewhere, 'a file where a folder should be');
    const ended = await resynth(['datasets', 'list', '--json', '--home', elsewhere]);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'files/home-not-a-folder' } });
  });

  it('takes a reader that goes away for no error', async () => {
    const { INIT_CWD: _cwd, ...env } = process.env;
    const child = spawn(process.execPath, [entry, 'models', '--json'], { env, stdio: 'pipe' });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout.destroy();
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('stops where it is safe at Ctrl-C, exits with 130 and leaves no process', async () => {
    const home = await temporaryFolder();
    let sent = false;
    const ended = await resynth(['corpus', 'make', '--out', path.join(home, 'corpus')], {
      home,
      whenStderr: (text, kill) => {
        if (sent || !text.includes('Speaking')) return;
        sent = true;
        // The terminal's group and the program in front of this one each pass the same Ctrl-C on.
        kill('SIGINT');
        setTimeout(() => kill('SIGINT'), 5);
      },
    });
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('Cancelled');
  });
});
