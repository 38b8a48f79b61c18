import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHome } from '../../src-main/store/home.ts';
import { createRun, openRun } from '../../src-main/host/runs/runs.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { tinyConfig } from '../trainer/kill-helpers.ts';

const cli = path.resolve(import.meta.dirname, '../../src-main/cli/index.ts');
const owner = path.resolve(import.meta.dirname, '../host/host-process.ts');

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The real command line on a data folder; `whenStderr` sees what it has written so far. */
async function resynth(
  root: string,
  argv: string[],
  options: { cwd?: string; whenStderr?: (text: string, interrupt: () => void) => void } = {},
): Promise<Ended> {
  const { INIT_CWD: _cwd, npm_lifecycle_event: _event, ...env } = process.env;
  const child = spawn(process.execPath, [cli, ...argv], {
    env: { ...env, RESYNTH_HOME: root },
    cwd: options.cwd,
    stdio: 'pipe',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ended.stderr += text;
    options.whenStderr?.(ended.stderr, () => child.kill('SIGINT'));
  });
  ended.code = ((await once(child, 'close')) as [number | null])[0];
  return ended;
}

/** A process that owns the data folder as long as the test runs; its trainers need no TensorFlow. */
async function startOwner(root: string): Promise<void> {
  const child = spawn(process.execPath, [owner], {
    env: { ...process.env, RESYNTH_HOME: root },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
}

const make = (root: string, name: string, epochs: string) =>
  createRun(openHome(root), {
    config: tinyConfig({ epochs }),
    dataset: { id: 'd', name: 'd', folder: '/d', splitHash: 'h' },
    name,
    nameFrom: name,
    engine: { backend: null, device: null, threads: null },
    parent: null,
  });

describe('the command line beside a process that owns the data folder', () => {
  it('says the same as alone, with progress and errors, and takes paths as they are typed', async () => {
    const root = await temporaryFolder();
    const run = await make(root, 'short', '3');
    const alone = await resynth(root, ['runs', 'list', '--json']);
    await startOwner(root);
    expect(await resynth(root, ['runs', 'list', '--json'])).toEqual(alone);

    const trained = await resynth(root, ['runs', 'resume', 'short']);
    expect(trained).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('all 3 epochs done') as string,
    });
    expect(trained.stderr).toContain('Run short');
    expect(openRun(openHome(root), run.record.id).status.state).toBe('finished');

    const again = await resynth(root, ['runs', 'resume', 'short', '--json']);
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'runs/finished' } });

    const cwd = path.join(root, 'elsewhere');
    mkdirSync(cwd);
    const exported = await resynth(root, ['runs', 'export', 'short', '--out', 'out', '--json'], { cwd });
    expect(JSON.parse(exported.stdout)).toMatchObject({ folder: path.join(cwd, 'out') });
    expect(readFileSync(path.join(cwd, 'out', 'metrics.csv'), 'utf8')).toContain('train,12');
  });

  it('stops and saves at Ctrl-C what it trains there', async () => {
    const root = await temporaryFolder();
    const run = await make(root, 'long', '4000');
    await startOwner(root);
    const stopped = await resynth(root, ['runs', 'resume', 'long'], {
      whenStderr: (text, interrupt) => {
        if (text.includes('Training')) interrupt();
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toContain('stopped: it was interrupted (Ctrl-C)');
    expect(openRun(openHome(root), run.record.id).status.lastCheckpoint).toBeGreaterThan(0);
  });

  it('refuses by name what only a window can use', async () => {
    const root = await temporaryFolder();
    expect(await resynth(root, ['recordings', 'sound', '--json'])).toMatchObject({ code: 2 });
    expect((await resynth(root, ['--help'])).stdout).not.toContain('recordings sound');
  });
});

describe('the command line on a data folder whose database', () => {
  it('is of a newer version leaves it alone and says so', async () => {
    const root = await temporaryFolder();
    await resynth(root, ['datasets', 'list']);
    const file = openHome(root).database;
    const database = new Sqlite(file);
    database.pragma('user_version = 9999');
    database.close();
    const before = readFileSync(file);
    const refused = await resynth(root, ['datasets', 'list', '--json']);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'store/newer-version' } });
    expect(readFileSync(file)).toEqual(before);
  });

  it('is damaged goes on, and warns of what was done about it', async () => {
    const root = await temporaryFolder();
    await make(root, 'kept', '3');
    await resynth(root, ['datasets', 'list']);
    writeFileSync(
      openHome(root).database,
      'no database at all, but long enough to look like one'.repeat(100),
    );
    const listed = await resynth(root, ['runs', 'list', '--json']);
    expect(listed.code).toBe(0);
    expect(listed.stderr).toMatch(/warning: .*resynth\.db/s);
    expect(JSON.parse(listed.stdout)).toMatchObject({ runs: [{ name: 'kept' }] });
  });
});
