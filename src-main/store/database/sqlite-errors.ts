import Sqlite from 'better-sqlite3';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { shownName } from '../../files/system-errors.ts';

/** SQLite's own code of a failure ('SQLITE_BUSY'); undefined for anything else. */
export function sqliteCode(thrown: unknown): string | undefined {
  return thrown instanceof Sqlite.SqliteError ? thrown.code : undefined;
}

/** Whether what was read is not what had been written: the file itself is damaged. */
export function isDamage(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code !== undefined && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB');
}

/** A failure of SQLite as the user meets it. Mistakes of ours (a constraint, wrong SQL) stay as they are. */
export function asStoreError(thrown: unknown, file: string): unknown {
  const code = sqliteCode(thrown);
  if (code === undefined || !(thrown instanceof Error)) return thrown;
  const shown = shownName(file);
  const options = { cause: thrown };
  const params = { file: shown, detail: `${thrown.message} (${code})` };
  if (code === 'SQLITE_FULL') return new ResynthError('files/disk-full', { file: shown }, options);
  if (
    code.startsWith('SQLITE_BUSY') ||
    code.startsWith('SQLITE_LOCKED') ||
    code.startsWith('SQLITE_PROTOCOL')
  ) {
    return new ResynthError('store/locked', { file: shown }, options);
  }
  if (code.startsWith('SQLITE_READONLY')) return new ResynthError('store/read-only', params, options);
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH') {
    return new ResynthError('store/not-openable', params, options);
  }
  if (code.startsWith('SQLITE_IOERR')) return new ResynthError('store/input-output', params, options);
  return thrown;
}
