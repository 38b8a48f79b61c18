import { copyFileSync, fsyncSync, openSync, closeSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Sqlite, { type Database as SqliteDatabase } from 'better-sqlite3';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { replaceFile, syncFolderSync } from '../../files/atomic-file.ts';
import { asWriteError, errorCode, shownName } from '../../files/system-errors.ts';
import { temporaryNameFor } from '../../files/temporaries.ts';
import { newestVersion, versionOf } from './migrations/index.ts';

/** The copy that a damaged database is restored from. */
export function copyOf(file: string): string {
  return `${file}.copy`;
}

/** Pages that are copied at a stretch: about 10 ms in which nothing else is done. */
const pagesAtOnce = 1000;

/**
 * Copies a database while it is in use, and puts the copy in the place of the older one only when it is sound: damage that
 * nobody has met yet must not replace the last good copy.
 *
 * @throws SqliteError SQLITE_CORRUPT when what was copied is damaged; ResynthError files/disk-full, files/not-writable.
 */
export async function writeCopy(db: SqliteDatabase, file: string): Promise<void> {
  await replaceFile(copyOf(file), async (_handle, temporary) => {
    await db.backup(temporary, { progress: () => pagesAtOnce });
    makeSingleFile(temporary);
    const found = problemOf(temporary);
    if (found !== null) throw new Sqlite.SqliteError(found, 'SQLITE_CORRUPT');
  });
}

/**
 * Puts a damaged (or missing) database aside and its last good copy in its place; without one, an empty database is begun.
 *
 * @returns what the user has to know: store/restored or store/begun-anew.
 * @throws ResynthError files/disk-full, files/not-writable.
 */
export function putRight(file: string, detail: string): ResynthError {
  const aside = `${file}.damaged-${new Date().toISOString().replace(/[-:]|\.\d+Z$/g, '')}`;
  try {
    moveIfThere(file, aside);
    moveIfThere(`${file}-wal`, `${aside}-wal`);
    rmSync(`${file}-shm`, { force: true });
    const params = { file: shownName(file), detail, aside: path.basename(aside) };
    const copy = copyOf(file);
    const copied = statSync(copy, { throwIfNoEntry: false });
    if (!copied || problemOf(copy) !== null) return new ResynthError('store/begun-anew', params);
    const temporary = temporaryNameFor(file);
    try {
      copyFileSync(copy, temporary);
      syncFile(temporary);
      renameSync(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
    syncFolderSync(path.dirname(file));
    return new ResynthError('store/restored', { ...params, copied: shownTime(copied.mtime) });
  } catch (thrown) {
    throw asWriteError(thrown, file);
  }
}

/** A copy keeps no log of changes beside it: one that is only read would leave empty files behind. */
function makeSingleFile(file: string): void {
  const db = new Sqlite(file, { fileMustExist: true });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** What is wrong with a copy, or null; a copy that a newer version made is of no use either. */
function problemOf(file: string): string | null {
  let db: SqliteDatabase | undefined;
  try {
    db = new Sqlite(file, { readonly: true });
    if (versionOf(db) > newestVersion) return 'it was made by a newer version';
    const found = String(db.pragma('quick_check(1)', { simple: true }));
    return found === 'ok' ? null : found;
  } catch (thrown) {
    if (thrown instanceof Sqlite.SqliteError) return thrown.message;
    throw thrown;
  } finally {
    db?.close();
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw thrown;
  }
}

function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function shownTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
