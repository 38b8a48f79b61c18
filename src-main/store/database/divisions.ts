import type { Database as SqliteDatabase } from 'better-sqlite3';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { firstKey, lastKey } from './context.ts';
import type { SplitBasis } from './types.ts';

/** What a division into splits is made from, and how one is written. */

/** A recording as far as dividing goes. */
export interface DividedRow {
  id: string;
  speaker: string | null;
  label: string | null;
  durationSec: number;
  peak: number;
  corpusSplit: number;
  split: number;
  excluded: number;
  /** 1 where a scan found it for the first time. */
  fresh?: number;
}

/** The recordings of a collection in order of id. */
export function datasetRows(db: SqliteDatabase, collection: number): IterableIterator<DividedRow> {
  return db
    .prepare<[number], DividedRow>(
      `SELECT id, speaker, label, durationSec, peak, corpusSplit, split, excluded IS NOT NULL AS excluded
       FROM recordings WHERE collection = ? ORDER BY id`,
    )
    .iterate(collection);
}

export function basisOf(rows: Iterable<DividedRow>, revision: string): SplitBasis {
  const all = [...rows];
  const speakers = new Names();
  const labels = new Names();
  return {
    revision,
    recordings: all.length,
    speaker: Int32Array.from(all, (row) => speakers.index(row.speaker)),
    label: Int32Array.from(all, (row) => labels.index(row.label)),
    durationSec: Float64Array.from(all, (row) => row.durationSec),
    silent: Uint8Array.from(all, (row) => Number(row.peak === 0)),
    excluded: Uint8Array.from(all, (row) => row.excluded),
    corpusSplit: Uint8Array.from(all, (row) => row.corpusSplit),
    split: Uint8Array.from(all, (row) => row.split),
    fresh: Uint8Array.from(all, (row) => row.fresh ?? 0),
    idHash: Uint32Array.from(all, (row) => hashOf(row.id)),
    speakers: speakers.names,
    labels: labels.names,
  };
}

/** Sets the split of every recording of a collection, given in order of id; gives back how many changed. */
export function applyDivision(
  db: SqliteDatabase,
  collection: number,
  split: Uint8Array,
  name: string,
): number {
  const rows = db
    .prepare<[number], [number, number]>(
      'SELECT rowKey, split FROM recordings WHERE collection = ? ORDER BY id',
    )
    .raw()
    .all(collection);
  if (rows.length !== split.length) throw new ResynthError('store/recordings-changed', { name });
  const set = db.prepare<[number, number]>('UPDATE recordings SET split = ? WHERE rowKey = ?');
  let changed = 0;
  for (const [index, [rowKey, before]] of rows.entries()) {
    const code = split[index] ?? 0;
    if (code > 2) throw new RangeError(`A split of ${code}: train is 0, validation 1, test 2.`);
    if (code === before) continue;
    set.run(code, rowKey);
    changed++;
  }
  return changed;
}

/** Sets the split of every recording of a collection to what the corpus says; gives back how many changed. */
export function followCorpus(db: SqliteDatabase, collection: number): number {
  return db
    .prepare(
      'UPDATE recordings SET split = corpusSplit WHERE rowKey BETWEEN ? AND ? AND split <> corpusSplit',
    )
    .run(firstKey(collection), lastKey(collection)).changes;
}

/** Numbers for names, in the order in which they come. */
class Names {
  readonly names: string[] = [];
  readonly #indexes = new Map<string, number>();

  index(name: string | null): number {
    if (name === null) return -1;
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    this.#indexes.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/** FNV-1a with a last mixing, over UTF-16 code units: spreads ids that differ in one digit. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
