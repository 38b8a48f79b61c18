import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import {
  type FileLock,
  type LockAttempt,
  lockFileHolder,
  type LockHolder,
  tryLockFile,
} from '../processes/lock-file.ts';
import { asRunWriteError } from './write-error.ts';

/**
 * Takes the right of one process to train in a run folder. A lock left by a process that is gone is taken over; one whose
 * process lives, or is on another machine, is refused.
 *
 * @throws ResynthError runs/locked; runs/disk-full, files/not-writable.
 */
export function acquireRunLock(folder: string): FileLock {
  const file = lockFile(folder);
  let attempt: LockAttempt;
  try {
    attempt = tryLockFile(file, 'held');
  } catch (thrown) {
    throw asRunWriteError(thrown, file);
  }
  if ('holder' in attempt) throw lockedBy(folder, attempt.holder);
  return attempt.lock;
}

/** The process that trains in `folder` now, or null. */
export function lockHolder(folder: string): LockHolder | null {
  return lockFileHolder(lockFile(folder), 'held');
}

/** The refusal of a run that another process holds. */
function lockedBy(folder: string, holder: LockHolder): ResynthError {
  return new ResynthError('runs/locked', { run: path.basename(folder), pid: holder.pid });
}

function lockFile(folder: string): string {
  return path.join(folder, 'lock');
}
