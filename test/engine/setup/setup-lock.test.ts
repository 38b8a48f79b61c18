import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withLock } from '../../../src-main/engine/setup/setup-lock.ts';
import { processStart } from '../../../src-main/processes/process-identity.ts';
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

test('the lock of another machine, which cannot be asked, is taken', async () => {
  const file = path.join(await temporaryFolder(), 'lock.json');
  const other = { pid: process.pid, start: processStart(process.pid), host: 'elsewhere.example', token: 't' };
  writeFileSync(file, JSON.stringify(other));
  const working = withLock(
    file,
    () => Promise.resolve('done'),
    () => undefined,
  );
  expect(await working).toBe('done');
  expect(readdirSync(path.dirname(file))).toEqual([]);
});

test('a living holder is waited for, and the waiting can be given up', async () => {
  const file = path.join(await temporaryFolder(), 'lock.json');
  const { pid } = process;
  const living = { pid, start: processStart(pid), host: os.hostname(), token: 't' };
  writeFileSync(file, JSON.stringify(living));
  const waiting = withLock(
    file,
    () => Promise.resolve(),
    (holder, waitedMs) => {
      expect(holder.pid).toBe(process.pid);
      if (waitedMs > 100) throw new Error('long enough');
    },
  );
  await expect(waiting).rejects.toThrow('long enough');
  expect(existsSync(file)).toBe(true);
});
