import type { Database as SqliteDatabase } from 'better-sqlite3';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { shownName } from '../../files/system-errors.ts';
import { ColumnCache } from './column-cache.ts';
import { damageDetail, openConnection, type OpenOptions } from './connection.ts';
import { sweepRecordings } from './datasets.ts';
import { createOperations, type Operations } from './operations.ts';
import { putRight, writeCopy } from './repair.ts';
import { asStoreError, isDamage } from './sqlite-errors.ts';

/** The least time between two copies of the database while it is in use. */
const copyEveryMs = 3 * 60_000;

/** Rows that nobody shows are deleted so many at a time, some 10 ms, and then others are served. */
const sweptAtOnce = 1000;
const sweepPauseMs = 15;

/**
 * The database with what keeps it whole: copies after changes, repair when damage is met, and the slow removal of what
 * nothing shows. Blocking: it lives in a thread of its own.
 */
export class Store {
  readonly #file: string;
  readonly #options: OpenOptions;
  readonly #notify: (notice: ResynthError) => void;
  #db: SqliteDatabase;
  #operations: Operations;
  /** Whether there are changes that no copy has. */
  #dirty = false;
  #copiedMs = 0;
  #copyTimer: NodeJS.Timeout | undefined;
  #copying: Promise<void> | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws ResynthError as `openConnection`. */
  constructor(file: string, options: OpenOptions, notify: (notice: ResynthError) => void) {
    this.#file = file;
    this.#options = options;
    this.#notify = notify;
    const opened = openConnection(file, options);
    this.#db = opened.db;
    this.#operations = this.#prepare();
    for (const notice of opened.notices) notify(notice);
  }

  get names(): string[] {
    return Object.keys(this.#operations);
  }

  /** Does one operation. @throws ResynthError of the operation; store/interrupted-by-damage and others of the file. */
  call(name: string, args: readonly unknown[]): unknown {
    // The names and arguments come from a client whose type is made from these operations.
    const operation = (
      this.#operations as unknown as Record<string, (...args: readonly unknown[]) => unknown>
    )[name];
    if (!operation) throw new Error(`The database has no operation "${name}".`);
    try {
      return operation(...args);
    } catch (thrown) {
      if (isDamage(thrown)) throw this.#repair(thrown);
      throw asStoreError(thrown, this.#file);
    }
  }

  /** Writes a copy where there are changes that none has, and closes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#copyTimer);
    clearTimeout(this.#sweepTimer);
    await this.#copying;
    if (this.#dirty) await this.#copy();
    this.#db.close();
  }

  #prepare(): Operations {
    return createOperations({
      db: this.#db,
      columns: new ColumnCache(this.#db),
      wrote: (amount) => {
        this.#dirty = true;
        if (amount === 'much') this.#copySoon();
      },
      left: () => this.#sweepSoon(),
    });
  }

  #repair(thrown: unknown): ResynthError {
    const detail = damageDetail(thrown);
    try {
      this.#db.close();
    } catch (closing) {
      // A damaged file may not let itself be closed in order; it is moved away in any case.
      if (!isDamage(closing)) throw asStoreError(closing, this.#file);
    }
    const notice = putRight(this.#file, detail);
    const opened = openConnection(this.#file, this.#options);
    this.#db = opened.db;
    this.#operations = this.#prepare();
    for (const one of [notice, ...opened.notices]) this.#notify(one);
    return new ResynthError(
      'store/interrupted-by-damage',
      { file: shownName(this.#file), detail },
      { cause: thrown },
    );
  }

  #copySoon(): void {
    if (this.#copyTimer !== undefined || this.#closed) return;
    const waitMs = Math.max(this.#copiedMs + copyEveryMs - Date.now(), 1000);
    this.#copyTimer = setTimeout(() => {
      this.#copyTimer = undefined;
      this.#copying = this.#copy().finally(() => (this.#copying = undefined));
    }, waitMs);
  }

  /** A copy that fails does not undo what was written: it is told, and tried again with the next change. */
  async #copy(): Promise<void> {
    this.#copiedMs = Date.now();
    this.#dirty = false;
    const db = this.#db;
    try {
      await writeCopy(db, this.#file);
    } catch (thrown) {
      // Put right in the middle of the copy: the new file is a copy itself.
      if (db !== this.#db) return;
      this.#dirty = true;
      if (isDamage(thrown) && !this.#closed) {
        this.#repair(thrown);
        return;
      }
      const { message } = asResynthError(asStoreError(thrown, this.#file));
      this.#notify(new ResynthError('store/copy-failed', { file: shownName(this.#file), detail: message }));
    }
  }

  #sweepSoon(): void {
    if (this.#sweepTimer !== undefined || this.#closed) return;
    this.#sweepTimer = setTimeout(() => {
      this.#sweepTimer = undefined;
      try {
        if (sweepRecordings({ db: this.#db }, sweptAtOnce)) this.#sweepSoon();
      } catch (thrown) {
        if (isDamage(thrown)) this.#repair(thrown);
        else this.#notify(asResynthError(asStoreError(thrown, this.#file)));
      }
    }, sweepPauseMs);
  }
}
