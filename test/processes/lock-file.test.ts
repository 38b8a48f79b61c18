import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FileLock, lockFileHolder, tryLockFile } from '../../src-main/processes/lock-file.ts';
import { processStart } from '../../src-main/processes/process-identity.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const sleeper = (): ChildProcess => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};

async function lockIn(): Promise<string> {
  return path.join(await temporaryFolder(), 'lock');
}

function writeLock(file: string, lock: object): void {
  writeFileSync(file, JSON.stringify({ pid: 1, start: null, host: os.hostname(), token: 't', ...lock }));
}

/** The lock, which must be had. */
function take(file: string): FileLock {
  const attempt = tryLockFile(file, 'held');
  if ('holder' in attempt) throw new Error(`The lock is held by ${attempt.holder.pid}.`);
  return attempt.lock;
}

describe('tryLockFile', () => {
  it('gives the lock to one at a time, and leaves nothing when it is given back', async () => {
    const file = await lockIn();
    const lock = take(file);
    expect(lock.tookOver).toBe(false);
    expect(lockFileHolder(file, 'held')?.pid).toBe(process.pid);
    expect(tryLockFile(file, 'held')).toMatchObject({ holder: { pid: process.pid } });
    lock.release();
    expect(lockFileHolder(file, 'held')).toBeNull();
    take(file).release();
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it('names the living process that has it', async () => {
    const file = await lockIn();
    const child = sleeper();
    writeLock(file, { pid: child.pid, start: processStart(child.pid ?? 0) });
    expect(tryLockFile(file, 'free')).toMatchObject({ holder: { pid: child.pid } });
  });

  it('takes over from a killed process, even one that nobody waited for, and clears up after it', async () => {
    const file = await lockIn();
    const child = sleeper();
    writeLock(file, { pid: child.pid, start: processStart(child.pid ?? 0) });
    writeFileSync(`${file}.${child.pid}-left`, '');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(lockFileHolder(file, 'held')).toBeNull();
    const lock = take(file);
    expect(lock.tookOver).toBe(true);
    expect(readdirSync(path.dirname(file))).toEqual(['lock']);
    lock.release();
  });

  it.skipIf(process.platform === 'win32')(
    'takes over when the number belongs to another process by now',
    async () => {
      const file = await lockIn();
      writeLock(file, { pid: process.pid, start: 'another boot:1' });
      expect(take(file).tookOver).toBe(true);
    },
  );

  it('takes what another machine left only where that is allowed', async () => {
    const file = await lockIn();
    writeLock(file, { host: 'elsewhere.example' });
    expect(tryLockFile(file, 'held')).toMatchObject({ holder: { host: 'elsewhere.example' } });
    expect(lockFileHolder(file, 'held')).not.toBeNull();
    expect(lockFileHolder(file, 'free')).toBeNull();
    expect(tryLockFile(file, 'free')).toMatchObject({ lock: { tookOver: true } });
  });

  it.each(['', '{"pi', '{"pid":-1}'])('takes over a lock that cannot be read (%j)', async (content) => {
    const file = await lockIn();
    writeFileSync(file, content);
    expect(take(file).tookOver).toBe(true);
  });

  it('does not release what another process has taken since', async () => {
    const file = await lockIn();
    const lock = take(file);
    writeLock(file, { token: 'of another' });
    lock.release();
    expect(readFileSync(file, 'utf8')).toContain('of another');
  });

  it('throws what the file system says where there is no folder', async () => {
    const file = path.join(await temporaryFolder(), 'no', 'lock');
    expect(() => tryLockFile(file, 'held')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(existsSync(path.dirname(file))).toBe(false);
  });

  it('is won by exactly one of many that find a dead one at once', async () => {
    const folder = await temporaryFolder();
    const files = Array.from({ length: 150 }, (_, index) => path.join(folder, `lock-${index}`));
    for (const file of files) writeLock(file, { pid: 2 ** 22 + 1, start: 'gone:1', token: randomUUID() });
    const module = path.resolve(import.meta.dirname, '../../src-main/processes/lock-file.ts');
    // All begin together, and hold what they have won until all are done.
    const script = `import { tryLockFile } from ${JSON.stringify(module)};
      console.log('ready');
      process.stdin.once('data', () => {
        const attempts = ${JSON.stringify(files)}.map((file) => 'lock' in tryLockFile(file, 'held'));
        console.log(JSON.stringify(attempts));
      });
      process.stdin.on('end', () => process.exit());`;
    const children = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return { child, lines: readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
    });
    for (const { lines } of children) await lines.next();
    for (const { child } of children) child.stdin.write('go');
    const attempts: boolean[][] = [];
    for (const { lines } of children)
      attempts.push(JSON.parse(String((await lines.next()).value)) as boolean[]);
    for (const { child } of children) child.stdin.end();
    const wins = files.map((_, index) => attempts.filter((one) => one[index]).length);
    expect(wins).toEqual(files.map(() => 1));
    // Nothing is left but the locks themselves.
    expect(readdirSync(folder).sort()).toEqual(files.map((file) => path.basename(file)).sort());
  });
});
