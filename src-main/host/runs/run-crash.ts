import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { errorCode } from '../../files/system-errors.ts';
import type { FileLock } from '../../processes/lock-file.ts';
import { acquireRunLock } from '../../trainer/lock.ts';
import { runFiles } from '../../trainer/run-record.ts';
import { readRunStatus, type RunStatus, writeRunStatus } from '../../trainer/run-status.ts';
import { type QueueEntry, removeQueueEntry } from './run-extras.ts';
import type { Run } from './runs.ts';

/** What the host writes into a run's status in place of a trainer that could not. */

const linesShown = 8;
const logTailBytes = 8192;

/**
 * A trainer ended without a word: its run is interrupted, for the reason `error` (null where nobody saw how it ended), with
 * the last lines of its log. False where there was nothing to put right: it had ended in order, or trains again.
 */
export function recordCrash(folder: string, error: ResynthError | null): boolean {
  return change(folder, (status) => {
    const isLive = status.state === 'starting' || status.state === 'running' || status.state === 'paused';
    if (!isLive && !(status.state === 'queued' && error)) return null;
    const lines = lastLines(runFiles(folder).log);
    return {
      ...status,
      state: status.state === 'queued' ? 'failed' : 'interrupted',
      reason:
        error?.message ??
        `its trainer ended without a word at step ${status.step} (killed, or the machine went down)`,
      error: error?.toJSON() ?? null,
      notes: [...status.notes, ...(lines ? [`The end of its log:\n${lines}`] : [])],
      progress: null,
    };
  });
}

/** A queued run that came to nothing as often as it may: it is left alone, and says so. */
export function recordNeverBegan(run: Run): void {
  removeQueueEntry(run.folder);
  const error = new ResynthError('runs/never-began', { run: run.record.name });
  change(run.folder, (status) => ({
    ...status,
    state: status.state === 'queued' ? 'failed' : status.state,
    reason: error.message,
    error: error.toJSON(),
  }));
}

/** Puts right what a host that was killed left of a run. True where something had to be. */
export function settleForgotten(run: Run, queue: QueueEntry | null, mostAttempts: number): boolean {
  const { status, folder, pid } = run;
  if (queue !== null) {
    // Its trainer has begun: only the entry was left behind.
    const began = pid !== null || (queue.attempts > 0 && status.updatedMs > queue.queuedMs);
    if (began) {
      removeQueueEntry(folder);
      if (pid === null) recordCrash(folder, null);
      return true;
    }
    if (queue.attempts < mostAttempts) return false;
    recordNeverBegan(run);
    return true;
  }
  if (pid !== null) return false;
  if (status.state === 'interrupted') return recordCrash(folder, null);
  if (status.state !== 'queued') return false;
  const reason = 'the program that made it ended before its training began';
  return change(folder, (now) => (now.state === 'queued' ? { ...now, state: 'interrupted', reason } : null));
}

/** A run that never began and waits no longer: it can be resumed like one that was stopped. */
export function recordUnqueued(folder: string): void {
  change(folder, (status) =>
    status.state === 'queued'
      ? { ...status, state: 'stopped', reason: 'it was taken out of the queue before it began' }
      : null,
  );
}

/** Changes a status that no trainer writes at this moment; false where one does, or nothing is to change. */
function change(folder: string, next: (status: RunStatus) => RunStatus | null): boolean {
  // Deleted meanwhile.
  if (!existsSync(folder)) return false;
  let lock: FileLock;
  try {
    lock = acquireRunLock(folder);
  } catch (thrown) {
    if (thrown instanceof ResynthError && thrown.code === 'runs/locked') return false;
    throw thrown;
  }
  try {
    // With the lock in our hands, a state that needs a process is shown as it was written.
    const status = next(readRunStatus(folder).status);
    if (!status) return false;
    writeRunStatus(folder, status);
    return true;
  } finally {
    lock.release();
  }
}

/** The last lines of a text file; '' where there are none. */
export function lastLines(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return '';
    throw thrown;
  }
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, logTailBytes));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8').trimEnd().split('\n').slice(-linesShown).join('\n');
  } finally {
    closeSync(descriptor);
  }
}
