import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { isSameProcess, processStart } from './process-identity.ts';
import { errorCode } from '../files/system-errors.ts';

const lockSchema = z.strictObject({
  pid: z.int(),
  /** When that process started: the number alone may belong to another process by now. */
  start: z.string().nullable(),
  host: z.string(),
  token: z.string(),
});

/** The process that a lock file names. */
export type LockHolder = z.output<typeof lockSchema>;

/**
 * What a lock of another machine (a shared disk) counts as, whose processes cannot be looked at: 'held' where two at once
 * would do damage, 'free' where they would only cost time.
 */
export type ElsewhereRule = 'held' | 'free';

/** A lock that this process holds. */
export interface FileLock {
  /** True when a lock was found whose process had died. */
  readonly tookOver: boolean;
  /** Gives the lock back; one that somebody else has taken since stays. */
  release(): void;
}

const rightMark = 'removal-';
const removalWithinMs = 2000;

/** The lock, or who has it. */
export type LockAttempt = { lock: FileLock } | { holder: LockHolder };

/**
 * Takes a lock file unless a living process holds it. One left by a process that is gone, or damaged by a crash of the
 * whole machine, is taken over; of many that try at once exactly one succeeds. Errors of the file system are thrown as
 * they are.
 */
export function tryLockFile(file: string, elsewhere: ElsewhereRule): LockAttempt {
  const found = lockFileHolder(file, elsewhere);
  if (found) return { holder: found };
  const mine: LockHolder = {
    pid: process.pid,
    start: processStart(process.pid),
    host: os.hostname(),
    token: randomUUID(),
  };
  const prepared = besideName(file);
  const deadlineMs = performance.now() + removalWithinMs;
  let tookOver = false;
  try {
    writeFileSync(prepared, JSON.stringify(mine));
    // Linking is what makes the lock appear at once and whole, and fail where one is there already.
    while (!link(prepared, file)) {
      const holder = readLock(file);
      if (holder === 'none') continue;
      if (holder !== 'unreadable' && isHeld(holder, elsewhere)) return { holder };
      const removal = removeDead(file, holder, elsewhere);
      if (removal === 'done') {
        tookOver = true;
        if (holder !== 'unreadable') removeRemains(file, holder);
      } else if (removal !== 'not there') {
        // Another process removes it at this moment: a matter of microseconds, unless that one was stopped in the middle.
        if (performance.now() > deadlineMs) return { holder: removal.holder };
        pause();
      }
    }
  } finally {
    rmSync(prepared, { force: true });
  }
  const release = () => {
    const holder = readLock(file);
    if (typeof holder === 'object' && holder.token === mine.token) rmSync(file, { force: true });
  };
  return { lock: { tookOver, release } };
}

/** The process that holds a lock file now, or null. */
export function lockFileHolder(file: string, elsewhere: ElsewhereRule): LockHolder | null {
  const holder = readLock(file);
  return typeof holder === 'object' && isHeld(holder, elsewhere) ? holder : null;
}

function isHeld(holder: LockHolder, elsewhere: ElsewhereRule): boolean {
  if (holder.host !== os.hostname()) return elsewhere === 'held';
  return isSameProcess(holder.pid, holder.start);
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

/** A name beside the lock that tells whose it is: `removeRemains` finds it when its process was killed. */
function besideName(file: string): string {
  return `${file}.${process.pid}-${randomUUID()}`;
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

/**
 * Removes a dead lock. Only who holds the right to remove *that* lock may: a lock of its own, named after it. Else one
 * process could take away what another has just put in its place.
 */
function removeDead(
  file: string,
  dead: LockHolder | 'unreadable',
  elsewhere: ElsewhereRule,
): 'done' | 'not there' | { holder: LockHolder } {
  const name = typeof dead === 'object' ? dead.token : 'damaged';
  const right = tryLockFile(`${file}.${rightMark}${name}`, elsewhere);
  if ('holder' in right) return right;
  try {
    const found = readLock(file);
    const isSame = typeof found === 'object' && typeof dead === 'object' && found.token === dead.token;
    if (!isSame && !(found === 'unreadable' && dead === 'unreadable')) return 'not there';
    rmSync(file, { force: true });
    return 'done';
  } finally {
    right.lock.release();
  }
}

/** Blocks for a moment, as all of this does. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

/** A killed process may leave the file that it linked its lock from. */
function removeRemains(file: string, dead: LockHolder): void {
  // With our own number it was an earlier process; what carries that number now is ours.
  if (dead.pid === process.pid) return;
  for (const name of readdirSync(path.dirname(file))) {
    if (name.startsWith(`${path.basename(file)}.${dead.pid}-`)) {
      rmSync(path.join(path.dirname(file), name), { force: true });
    }
  }
}
