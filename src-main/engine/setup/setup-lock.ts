import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who holds a lock: the start time tells a process from a later one with the same number. */
export interface LockHolder {
  pid: number;
  startTime: string | null;
}

/**
 * Runs `work` while holding a lock file; waits for a living holder (`onWait` is told each time) and takes the lock of a
 * dead one. The lock only saves work: what is installed is renamed into place whole, so two holders at once, possible for
 * an instant while a dead one's lock is taken, would cost time and break nothing.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (holder: LockHolder, waitedMs: number) => void,
): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  const started = Date.now();
  const own = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, startTime: processStartTime(process.pid) }));
  try {
    while (!(await tryLink(own, file))) {
      const holder = await readHolder(file);
      if (holder && isAlive(holder)) {
        onWait(holder, Date.now() - started);
        await sleep(200);
      } else if (holder) {
        await rename(file, `${own}.dead`).catch(ignoreMissing);
        await rm(`${own}.dead`, { force: true });
        // With our own number it was an earlier process; what carries that number now is ours.
        if (holder.pid !== process.pid) await removeRemains(file, holder.pid);
      }
    }
    try {
      return await work();
    } finally {
      await rm(file, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function tryLink(own: string, file: string): Promise<boolean> {
  try {
    // A link appears with its content or not at all, unlike a file that is created and then written.
    await link(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A killed process leaves the file that it linked its lock from. */
async function removeRemains(file: string, pid: number): Promise<void> {
  for (const name of await readdir(path.dirname(file))) {
    if (name.startsWith(`${path.basename(file)}.${pid}.`)) {
      await rm(path.join(path.dirname(file), name), { force: true });
    }
  }
}

async function readHolder(file: string): Promise<LockHolder | null> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    // Damaged by a crash of the whole machine: nobody holds it.
    return { pid: -1, startTime: null };
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

/** Whether the process that took the lock is still the one with its number. */
export function isAlive(holder: LockHolder): boolean {
  if (holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const startTime = processStartTime(holder.pid);
  return startTime === null || holder.startTime === null || startTime === holder.startTime;
}

/** When a process started, in the kernel's ticks since boot (proc(5), field 22); null where there is no /proc. */
export function processStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
