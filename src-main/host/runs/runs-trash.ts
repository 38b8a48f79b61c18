import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { makeFolderSync } from '../../files/folders.ts';
import { errorCode } from '../../files/system-errors.ts';
import type { Home } from '../../store/home.ts';
import { acquireRunLock, lockHolder } from '../../trainer/lock.ts';
import { readRunRecord, writeRunRecord } from '../../trainer/run-record.ts';
import { removeQueueEntry } from './run-extras.ts';
import { checkName, freeName, pickRun, type Run } from './runs.ts';

/** Deleted runs: whole folders in the trash, whose own time is when they were put there. */

/** What was deleted can be brought back for so long. */
export const keptInTrashMs = 7 * 24 * 3600 * 1000;

/** A run in the trash. */
export interface TrashedRun {
  id: string;
  /** Null where its record cannot be read. */
  name: string | null;
  deletedMs: number;
  folder: string;
}

const prefix = 'run-';

/**
 * Moves a run that nobody trains into the trash, in one moment. Gives the bytes that it holds.
 *
 * @throws ResynthError runs/live; files/not-writable.
 */
export function trashRun(home: Home, { folder, id }: { folder: string; id: string }): number {
  const holder = lockHolder(folder);
  if (holder) throw new ResynthError('runs/live', { run: id, pid: holder.pid, action: 'deleted' });
  // Held while it is moved, so that no trainer starts in it meanwhile.
  acquireRunLock(folder);
  makeFolderSync(home.trash);
  const target = path.join(home.trash, `${prefix}${id}`);
  // One of the same id can only be what a restore could not end.
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target);
  rmSync(path.join(target, 'lock'), { force: true });
  removeQueueEntry(target);
  const now = new Date();
  utimesSync(target, now, now);
  return folderBytes(target);
}

/** What is in the trash, the newest first. */
export function listTrash(home: Home): TrashedRun[] {
  return trashNames(home)
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const folder = path.join(home.trash, name);
      const stat = statSync(folder, { throwIfNoEntry: false });
      if (!stat?.isDirectory()) return [];
      const id = name.slice(prefix.length);
      return [{ id, name: nameOf(folder), deletedMs: stat.mtimeMs, folder }];
    })
    .sort((a, b) => b.deletedMs - a.deletedMs);
}

/**
 * Brings a run back; where its name was given to another meanwhile, with a number behind it. `taken` are the names there
 * are, with whose they are.
 *
 * @throws ResynthError runs/not-in-trash, runs/ambiguous.
 */
export function restoreRun(
  home: Home,
  nameOrId: string,
  taken: ReadonlyMap<string, string>,
): { id: string; name: string } {
  const trashed = pickTrashed(listTrash(home), nameOrId);
  const name = freeName(trashed.name ?? trashed.id, taken);
  if (name !== trashed.name && trashed.name !== null) {
    checkName(name, taken);
    writeRunRecord(trashed.folder, { ...readRunRecord(trashed.folder), name });
  }
  makeFolderSync(home.runs);
  renameSync(trashed.folder, path.join(home.runs, trashed.id));
  return { id: trashed.id, name };
}

/** Removes for good what was deleted before `beforeMs`. Gives how many things that were. */
export async function purgeTrash(home: Home, beforeMs: number): Promise<number> {
  let removed = 0;
  for (const name of trashNames(home)) {
    const item = path.join(home.trash, name);
    const stat = statSync(item, { throwIfNoEntry: false });
    if (!stat || stat.mtimeMs > beforeMs) continue;
    await rm(item, { recursive: true, force: true });
    removed++;
  }
  return removed;
}

/** Removes a run that nobody trains for good, as if it had never been. */
export async function eraseRun(
  home: Home,
  { folder, record }: Pick<Run, 'folder' | 'record'>,
): Promise<void> {
  trashRun(home, { folder, id: record.id });
  await rm(path.join(home.trash, `run-${record.id}`), { recursive: true, force: true });
}

/** Of several deleted runs of one name the last one is meant. */
function pickTrashed(trash: TrashedRun[], nameOrId: string): TrashedRun {
  const named = trash.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (named) return named;
  try {
    const id = pickRun(nameOrId, trash);
    return trash.find((one) => one.id === id) as TrashedRun;
  } catch (thrown) {
    if (!(thrown instanceof ResynthError) || thrown.code !== 'runs/not-found') throw thrown;
    throw new ResynthError('runs/not-in-trash', { name: nameOrId });
  }
}

function nameOf(folder: string): string | null {
  try {
    const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as { name?: unknown };
    return typeof record.name === 'string' ? record.name : null;
  } catch {
    // A damaged run can be deleted and brought back like any other, by its id.
    return null;
  }
}

function trashNames(home: Home): string[] {
  try {
    return readdirSync(home.trash);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((total, name) => {
    const stat = statSync(path.join(folder, name), { throwIfNoEntry: false });
    return total + (stat?.isFile() ? stat.size : 0);
  }, 0);
}
