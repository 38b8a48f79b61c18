import type { Database as SqliteDatabase } from 'better-sqlite3';
import type { ColumnCache } from './column-cache.ts';

/** What every group of operations works with, on the database's own thread. */
export interface StoreContext {
  readonly db: SqliteDatabase;
  readonly columns: ColumnCache;
  /** To be called after writing: 'much' asks for a new copy soon, 'little' at the end. */
  wrote(amount: 'little' | 'much'): void;
  /** To be called when rows were left behind that nothing shows: they go bit by bit while there is nothing else to do. */
  left(): void;
}

/** The row keys of one collection are first(collection) to last(collection). */
const span = 2 ** 32;

export function firstKey(collection: number): number {
  return collection * span;
}

export function lastKey(collection: number): number {
  return collection * span + span - 1;
}

/** The number of a row inside its collection. */
export function numberOf(rowKey: number): number {
  return rowKey % span;
}

/** A collection of its own, never used before. */
export function newCollection(db: SqliteDatabase): number {
  return Number(db.prepare('INSERT INTO collections DEFAULT VALUES').run().lastInsertRowid);
}
