import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isAlive, processStartTime, withLock } from '../../../src-main/engine/setup/setup-lock.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('work under a lock never overlaps, and nothing is left', async () => {
  const file = path.join(await temporaryFolder(), 'deep', 'lock.json');
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await sleep(20);
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(file, work, () => undefined)));
  expect(most).toBe(1);
  expect(readdirSync(path.dirname(file))).toEqual([]);
});

test('the lock is given back when the work fails', async () => {
  const file = path.join(await temporaryFolder(), 'lock.json');
  const failing = withLock(
    file,
    () => Promise.reject(new Error('no luck')),
    () => undefined,
  );
  await expect(failing).rejects.toThrow('no luck');
  expect(existsSync(file)).toBe(false);
});

test('the lock of a dead process, of a later one with its number, and a damaged one are taken', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const own = { pid: process.pid, startTime: 'another' };
  const file = path.join(await temporaryFolder(), 'lock.json');
  for (const content of [JSON.stringify({ pid: child.pid, startTime: null }), JSON.stringify(own), '{"pi']) {
    if (content.includes('another') && processStartTime(process.pid) === null) continue;
    writeFileSync(file, content);
    if (content.includes(String(child.pid))) writeFileSync(`${file}.${child.pid}.left`, content);
    expect(
      await withLock(
        file,
        () => Promise.resolve('done'),
        () => undefined,
      ),
    ).toBe('done');
    expect(readdirSync(path.dirname(file))).toEqual([]);
  }
});

test('a living holder is waited for, and the waiting can be given up', async () => {
  const file = path.join(await temporaryFolder(), 'lock.json');
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: processStartTime(process.pid) }));
  const waiting = withLock(
    file,
    () => Promise.resolve(),
    ({ pid }, waitedMs) => {
      expect(pid).toBe(process.pid);
      if (waitedMs > 100) throw new Error('long enough');
    },
  );
  await expect(waiting).rejects.toThrow('long enough');
  expect(existsSync(file)).toBe(true);
});

test('this process is alive; numbers that no process has are not', () => {
  expect(isAlive({ pid: process.pid, startTime: processStartTime(process.pid) })).toBe(true);
  expect(isAlive({ pid: process.pid, startTime: null })).toBe(true);
  expect(isAlive({ pid: -1, startTime: null })).toBe(false);
  expect(isAlive({ pid: 0x7ffffff0, startTime: null })).toBe(false);
});
