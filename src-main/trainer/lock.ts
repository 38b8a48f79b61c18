import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { errorCode } from '../files/system-errors.ts';
import { isSameProcess, processStart } from './process-identity.ts';
import { asRunWriteError } from './write-error.ts';

const lockSchema = z.strictObject({
  pid: z.int(),
  /** When that process started: the number alone may belong to another process by now. */
  start: z.string().nullable(),
  host: z.string(),
  token: z.string(),
});

export type LockHolder = z.output<typeof lockSchema>;

/** The right of one process to train in one run folder. */
export interface RunLock {
  /** True when a lock was found whose process had died. */
  readonly tookOver: boolean;
  release(): void;
}

/**
 * Takes the lock of a run folder. A lock left by a process that is gone is taken over; one whose process lives, or is on
 * another machine, is refused with `runs/locked`.
 */
export function acquireRunLock(folder: string): RunLock {
  const file = path.join(folder, 'lock');
  const mine: LockHolder = {
    pid: process.pid,
    start: processStart(process.pid),
    host: os.hostname(),
    token: randomUUID(),
  };
  const prepared = `${file}.${mine.token}`;
  let tookOver = false;
  try {
    writeFileSync(prepared, JSON.stringify(mine));
    // Linking is what makes the lock appear at once and whole, and fail where one is there already.
    while (!link(prepared, file)) {
      const holder = readLock(file);
      if (holder === 'none') continue;
      if (holder !== 'unreadable' && isHeld(holder)) throw lockedBy(folder, holder);
      if (setAside(file, holder)) tookOver = true;
    }
  } catch (thrown) {
    throw asRunWriteError(thrown, file);
  } finally {
    rmSync(prepared, { force: true });
  }
  return {
    tookOver,
    release: () => {
      const holder = readLock(file);
      if (typeof holder === 'object' && holder.token === mine.token) rmSync(file, { force: true });
    },
  };
}

/** The process that trains in `folder` now, or null. */
export function lockHolder(folder: string): LockHolder | null {
  const holder = readLock(path.join(folder, 'lock'));
  return typeof holder === 'object' && isHeld(holder) ? holder : null;
}

/** The refusal of a run that another process holds. */
export function lockedBy(folder: string, holder: LockHolder): ResynthError {
  return new ResynthError('runs/locked', { run: path.basename(folder), pid: holder.pid });
}

function isHeld(holder: LockHolder): boolean {
  // A process of another machine (a shared disk) cannot be looked at: taken for alive.
  return holder.host !== os.hostname() || isSameProcess(holder.pid, holder.start);
}

function readLock(file: string): LockHolder | 'none' | 'unreadable' {
  try {
    const parsed = lockSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : 'unreadable';
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return 'none';
    if (thrown instanceof SyntaxError) return 'unreadable';
    throw thrown;
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') return false;
    // File systems without hard links (FAT, some network shares) get an exclusive create.
    return createExclusive(from, to);
  }
}

function createExclusive(from: string, to: string): boolean {
  try {
    writeFileSync(to, readFileSync(from), { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

/** Moves a dead lock away. Between reading and moving another process may have done so and taken it: then it is put back. */
function setAside(file: string, seen: LockHolder | 'unreadable'): boolean {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return false;
    throw thrown;
  }
  const moved = readLock(aside);
  const same =
    typeof seen === 'object' && typeof moved === 'object' ? moved.token === seen.token : moved === seen;
  if (!same) link(aside, file);
  rmSync(aside, { force: true });
  return same;
}
