import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LockHolder, tryLockFile } from '../../processes/lock-file.ts';

/**
 * Runs `work` while holding a lock file; waits for a living holder (`onWait` is told each time) and takes the lock of a
 * dead one. The lock only saves work: what is installed is renamed into place whole, so two holders at once, possible
 * where machines share the folder, would cost time and break nothing.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (holder: LockHolder, waitedMs: number) => void,
): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  const started = Date.now();
  let attempt = tryLockFile(file, 'free');
  while ('holder' in attempt) {
    onWait(attempt.holder, Date.now() - started);
    await sleep(200);
    attempt = tryLockFile(file, 'free');
  }
  try {
    return await work();
  } finally {
    attempt.lock.release();
  }
}
