import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import Sqlite, { type Database as SqliteDatabase } from 'better-sqlite3';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { makeFolderSync } from '../../files/folders.ts';
import { errorCode, shownName } from '../../files/system-errors.ts';
import { migrate, newestVersion } from './migrations/index.ts';
import { copyOf, putRight } from './repair.ts';
import { asStoreError, isDamage } from './sqlite-errors.ts';

/** Before it, a checkpoint that met another could leave a WAL database damaged. */
const neededSqlite = [3, 51, 3] as const;

/** Up to this size a database is checked at every opening (about 3 ms a megabyte); beyond, after a crash only. */
const alwaysCheckedBytes = 64 * 2 ** 20;

/** How long to wait for another process that is just letting go. */
const busyTimeoutMs = 2000;

export interface OpenOptions {
  /** Refuses to let the file grow beyond so many pages of 4 KiB, as a full disk does; tests use it. */
  maxPages?: number | undefined;
}

export interface OpenedConnection {
  db: SqliteDatabase;
  /** What the user has to know: a damaged file that was put right. */
  notices: ResynthError[];
}

/**
 * Opens the database of a data folder for this process alone and brings it to the newest format; makes it where there is
 * none. A damaged one is put aside and restored from its last good copy, which a notice says.
 *
 * @throws ResynthError store/newer-version, store/locked, store/not-openable, store/read-only, store/sqlite-too-old,
 *   files/disk-full, files/not-writable.
 */
export function openConnection(file: string, options: OpenOptions = {}): OpenedConnection {
  makeFolderSync(path.dirname(file));
  const notices: ResynthError[] = [];
  const missing = isMissing(file);
  if (missing !== null) notices.push(putRight(file, missing));
  try {
    return { db: openOnce(file, options), notices };
  } catch (thrown) {
    if (!isDamage(thrown)) throw asStoreError(thrown, file);
    notices.push(putRight(file, damageDetail(thrown)));
  }
  try {
    return { db: openOnce(file, options), notices };
  } catch (thrown) {
    throw asStoreError(thrown, file);
  }
}

/** What SQLite says about the damage, in a few words. */
export function damageDetail(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Why there is no database although there was one; null where there is one, or never was. */
function isMissing(file: string): string | null {
  if (sizeOf(copyOf(file)) === 0) return null;
  const bytes = sizeOf(file);
  // A killed first start may leave an empty file and a log of changes: that is whole.
  if (bytes > 0 || sizeOf(`${file}-wal`) > 0) return null;
  return existsAt(file) ? 'it is empty' : 'it is missing';
}

function openOnce(file: string, options: OpenOptions): SqliteDatabase {
  refuseNewer(file);
  // A clean close empties the log of changes and removes it.
  const closedCleanly = sizeOf(`${file}-wal`) === 0;
  const db = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    requireVersion(db);
    // One process has a data folder. Said to SQLite, it needs no shared memory, and a second process is refused at once.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    db.pragma('cache_size = -65536');
    db.pragma('temp_store = MEMORY');
    db.pragma(`journal_size_limit = ${64 * 2 ** 20}`);
    if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`);
    // Takes the lock, which is kept until the end.
    db.transaction(() => undefined).exclusive();
    if (!closedCleanly || sizeOf(file) <= alwaysCheckedBytes) check(db);
    migrate(db, shownName(file));
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** @throws SqliteError SQLITE_CORRUPT with the first thing that is wrong. */
export function check(db: SqliteDatabase): void {
  const found = String(db.pragma('quick_check(1)', { simple: true }));
  if (found !== 'ok') throw new Sqlite.SqliteError(found.replaceAll(/\s+/g, ' ').trim(), 'SQLITE_CORRUPT');
}

/** Looks into the file's own header before SQLite opens it, which may already write. */
function refuseNewer(file: string): void {
  const header = Buffer.alloc(100);
  try {
    const descriptor = openSync(file, 'r');
    try {
      if (readSync(descriptor, header, 0, header.length, 0) < header.length) return;
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    // Not there yet; what else may keep it from being read, SQLite meets as well and tells.
    if (errorCode(thrown) !== undefined) return;
    throw thrown;
  }
  if (header.toString('latin1', 0, 15) !== 'SQLite format 3') return;
  const userVersionAt = 60;
  const found = header.readUInt32BE(userVersionAt);
  if (found > newestVersion) {
    throw new ResynthError('store/newer-version', { file: shownName(file), found, known: newestVersion });
  }
}

function requireVersion(db: SqliteDatabase): void {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [index, needed] of neededSqlite.entries()) {
    const part = parts[index] ?? 0;
    if (part > needed) return;
    if (part < needed) {
      throw new ResynthError('store/sqlite-too-old', { version, needed: neededSqlite.join('.') });
    }
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function existsAt(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
