import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const scripts = path.resolve(import.meta.dirname, '../../scripts');

let root: string;
let tools: string;
let log: string;

const lockWith = (version: string) =>
  JSON.stringify({
    packages: {
      '': { name: 'demo' },
      'node_modules/a': { version, integrity: `sha512-${version}` },
      'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-x', optional: true },
    },
  });
const installedFile = () => path.join(root, 'node_modules', '.package-lock.json');

/** npm that logs, waits, and writes what npm writes last. */
function fakeNpm(options: { seconds?: number; fails?: string } = {}): void {
  const { seconds = 0, fails } = options;
  const script = fails
    ? `echo '${fails}' >&2; exit 1`
    : `/bin/mkdir -p '${root}/node_modules/a'; echo '{}' > '${root}/node_modules/a/package.json'
       /bin/sleep ${seconds}; /bin/cp '${root}/package-lock.json' '${installedFile()}'`;
  writeFileSync(path.join(tools, 'npm'), `#!/bin/sh\necho "$*" >> '${log}'\n${script}\n`, { mode: 0o755 });
}

beforeEach(async () => {
  root = await temporaryFolder();
  tools = path.join(root, 'tools');
  log = path.join(root, 'npm.log');
  mkdirSync(tools);
  writeFileSync(log, '');
  writeFileSync(path.join(root, 'package-lock.json'), lockWith('1.0.0'));
});

/** The installer as a process, as the scripts run it: its output and how it ended. */
function install(): { kill: () => void; ended: Promise<{ code: number | null; output: string }> } {
  const module = JSON.stringify(pathToFileURL(path.join(scripts, 'dependencies.mjs')).href);
  const progress = JSON.stringify(pathToFileURL(path.join(scripts, 'progress.mjs')).href);
  const code = `
    import { installDependencies } from ${module};
    import { ProgressLine } from ${progress};
    await installDependencies(${JSON.stringify(root)}, ${JSON.stringify(path.join(root, 'cache'))}, new ProgressLine());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { PATH: tools, HOME: root },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    kill: () => child.kill('SIGKILL'),
    ended: new Promise((resolve) => child.on('close', (status) => resolve({ code: status, output }))),
  };
}

const npmCalls = () => readFileSync(log, 'utf8').split('\n').filter(Boolean);

describe('installing', () => {
  test('a bare clone: npm ci without scripts, with what and why; the second start does nothing', async () => {
    fakeNpm();
    const first = await install().ended;
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain('Installing the dependencies (first start of this clone)');
    expect(npmCalls()).toHaveLength(1);
    expect(npmCalls()[0]).toMatch(/^ci --ignore-scripts/);

    expect(await install().ended).toEqual({ code: 0, output: '' });
    expect(npmCalls()).toHaveLength(1);
  });

  test('again when the lock file has changed, and only then', async () => {
    fakeNpm();
    await install().ended;
    writeFileSync(path.join(root, 'package-lock.json'), lockWith('2.0.0'));
    expect((await install().ended).output).toContain('package-lock.json has changed');
    await install().ended;
    expect(npmCalls()).toHaveLength(2);
  });

  test('not when npm was run by hand and everything is there', async () => {
    fakeNpm();
    mkdirSync(path.join(root, 'node_modules'));
    const byHand = JSON.parse(lockWith('1.0.0')) as { packages: Record<string, object> };
    delete byHand.packages['node_modules/other-platform'];
    writeFileSync(installedFile(), JSON.stringify(byHand));
    expect(await install().ended).toEqual({ code: 0, output: '' });
    expect(npmCalls()).toEqual([]);
  });

  test('killed in the middle, the next start installs again', async () => {
    fakeNpm({ seconds: 2 });
    const interrupted = install();
    await vi.waitFor(() => expect(npmCalls()).toHaveLength(1), 5000);
    interrupted.kill();
    await interrupted.ended;
    expect(existsSync(installedFile())).toBe(false);

    fakeNpm();
    expect((await install().ended).code).toBe(0);
    expect(npmCalls()).toHaveLength(2);
  });

  test('two starts of one clone: one installs, the other waits', async () => {
    fakeNpm({ seconds: 1 });
    const both = await Promise.all([install().ended, install().ended]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(npmCalls()).toHaveLength(1);
  });
});

describe('what cannot be had', () => {
  test('no network: npm is quoted, and the remedy named', async () => {
    fakeNpm({ fails: 'npm error network request failed' });
    const { code, output } = await install().ended;
    expect(code).toBe(1);
    expect(output).toContain('npm error network request failed');
    expect(output).toContain('check the connection');
    fakeNpm();
    expect((await install().ended).code).toBe(0);
  });

  test('no npm', async () => {
    const { code, output } = await install().ended;
    expect(code).toBe(1);
    expect(output).toContain('npm');
  });
});
