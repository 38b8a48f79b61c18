import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireRunLock, lockHolder } from '../../src-main/trainer/lock.ts';
import { processStart } from '../../src-main/trainer/process-identity.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const sleeper = (): ChildProcess => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};

const writeLock = (folder: string, lock: object): void =>
  writeFileSync(
    path.join(folder, 'lock'),
    JSON.stringify({ pid: 1, start: null, host: os.hostname(), token: 't', ...lock }),
  );

describe('run lock', () => {
  it('is had by one at a time and free again after', async () => {
    const folder = await temporaryFolder();
    const lock = acquireRunLock(folder);
    expect(lock.tookOver).toBe(false);
    expect(lockHolder(folder)?.pid).toBe(process.pid);
    expect(() => acquireRunLock(folder)).toThrow(expect.objectContaining({ code: 'runs/locked' }));
    lock.release();
    expect(lockHolder(folder)).toBeNull();
    acquireRunLock(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a live process by its number', async () => {
    const folder = await temporaryFolder();
    const child = sleeper();
    writeLock(folder, { pid: child.pid, start: processStart(child.pid ?? 0) });
    expect(() => acquireRunLock(folder)).toThrow(new RegExp(`pid ${child.pid}`));
  });

  it('is taken over from a killed process, even one that nobody waited for', async () => {
    const folder = await temporaryFolder();
    const child = sleeper();
    writeLock(folder, { pid: child.pid, start: processStart(child.pid ?? 0) });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(lockHolder(folder)).toBeNull();
    const lock = acquireRunLock(folder);
    expect(lock.tookOver).toBe(true);
    lock.release();
  });

  it.skipIf(process.platform === 'win32')(
    'is taken over when its number belongs to another process by now',
    async () => {
      const folder = await temporaryFolder();
      writeLock(folder, { pid: process.pid, start: 'another boot:1' });
      expect(acquireRunLock(folder).tookOver).toBe(true);
    },
  );

  it('is not taken from a process of another machine', async () => {
    const folder = await temporaryFolder();
    writeLock(folder, { host: 'elsewhere.example' });
    expect(() => acquireRunLock(folder)).toThrow(/being trained/);
  });

  it('takes over a lock that cannot be read', async () => {
    const folder = await temporaryFolder();
    writeFileSync(path.join(folder, 'lock'), '');
    expect(acquireRunLock(folder).tookOver).toBe(true);
  });

  it('does not release what another process has taken since', async () => {
    const folder = await temporaryFolder();
    const lock = acquireRunLock(folder);
    writeLock(folder, { token: 'of another' });
    lock.release();
    expect(readFileSync(path.join(folder, 'lock'), 'utf8')).toContain('of another');
  });

  it('is won by exactly one of many that find a dead one at once', async () => {
    const folder = await temporaryFolder();
    writeLock(folder, { pid: 2 ** 22 + 1, start: 'gone:1' });
    const module = path.resolve(import.meta.dirname, '../../src-main/trainer/lock.ts');
    const script = `import { acquireRunLock } from ${JSON.stringify(module)};
      try { acquireRunLock(${JSON.stringify(folder)}); console.log('won'); await new Promise((r) => setTimeout(r, 1500)); }
      catch (e) { console.log(e.code); }`;
    const outputs = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let output = '';
        child.stdout.on('data', (text: Buffer) => (output += text.toString()));
        await once(child, 'close');
        return output.trim();
      }),
    );
    expect(outputs.sort()).toEqual(['runs/locked', 'runs/locked', 'runs/locked', 'won']);
  });
});
