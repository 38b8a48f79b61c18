import type { Database as SqliteDatabase } from 'better-sqlite3';
import { compareIds, type Recording, splits } from '../../corpora/recording.ts';
import { SplitHash } from '../manifest.ts';
import { firstKey, lastKey } from './context.ts';

/** What a dataset tells about its recordings as a whole, counted in the database. */
export interface CollectionSummary {
  recordings: number;
  skipped: number;
  silent: number;
  excluded: number;
  warned: number;
  bytes: number;
  durationSec: number;
  train: number;
  validation: number;
  test: number;
  /** Distinct names in order of their UTF-16 code units, as JSON. */
  speakers: string;
  labels: string;
  splitHash: string;
}

/** Counts a collection. Reads it from end to end: about half a second for 100,000 recordings. */
export function summariseCollection(db: SqliteDatabase, collection: number): CollectionSummary {
  const range = { first: firstKey(collection), last: lastKey(collection) };
  const counts = db
    .prepare<typeof range, Omit<CollectionSummary, 'skipped' | 'speakers' | 'labels' | 'splitHash'>>(
      `SELECT count(*) AS recordings, coalesce(sum(peak = 0), 0) AS silent,
         count(excluded) AS excluded, count(warning) AS warned,
         coalesce(sum(CASE WHEN source IS NULL THEN bytes END), 0) AS bytes,
         total(durationSec) AS durationSec, coalesce(sum(split = 0 AND excluded IS NULL), 0) AS train,
         coalesce(sum(split = 1 AND excluded IS NULL), 0) AS validation,
         coalesce(sum(split = 2 AND excluded IS NULL), 0) AS test
       FROM recordings WHERE rowKey BETWEEN :first AND :last`,
    )
    .get(range);
  if (!counts) throw new Error('Counting gave no row.');
  const distinct = (column: 'speaker' | 'label') =>
    db
      .prepare<typeof range, string>(
        `SELECT DISTINCT ${column} FROM recordings
         WHERE rowKey BETWEEN :first AND :last AND ${column} IS NOT NULL`,
      )
      .pluck()
      .all(range)
      .sort();
  const skipped = Number(
    db.prepare('SELECT count(*) FROM skipped WHERE collection = ?').pluck().get(collection),
  );
  // A file that many recordings lie in counts once.
  const shared = db
    .prepare<typeof range, number>(
      `SELECT coalesce(sum(bytes), 0) FROM (SELECT source, max(bytes) AS bytes FROM recordings
         WHERE rowKey BETWEEN :first AND :last AND source IS NOT NULL GROUP BY source)`,
    )
    .pluck()
    .get(range);
  return {
    ...counts,
    bytes: counts.bytes + (shared ?? 0),
    skipped,
    speakers: JSON.stringify(distinct('speaker')),
    labels: JSON.stringify(distinct('label')),
    splitHash: splitHashOf(db, collection),
  };
}

/** The split hash (`SplitHash`) of a collection: of what is not excluded, in order of id. */
export function splitHashOf(db: SqliteDatabase, collection: number): string {
  const statement = db
    .prepare<[number], HashedRow>(
      `SELECT id, lower(hex(contentHash)), split, startSec, endSec FROM recordings
       WHERE collection = ? AND excluded IS NULL ORDER BY id`,
    )
    .raw();
  return hashInOrder(statement.iterate(collection)) ?? hashSorted(statement.all(collection));
}

/** The split hash that a division, one split a recording in order of id, would give. */
export function splitHashOfDivision(db: SqliteDatabase, collection: number, division: Uint8Array): string {
  const rows = db
    .prepare<[number], [...HashedRow, excluded: number]>(
      `SELECT id, lower(hex(contentHash)), split, startSec, endSec, excluded IS NOT NULL FROM recordings
       WHERE collection = ? ORDER BY id`,
    )
    .raw()
    .all(collection);
  return hashSorted(
    rows.flatMap(([id, contentHash, split, startSec, endSec, excluded], at): HashedRow[] =>
      excluded === 1 ? [] : [[id, contentHash, division[at] ?? split, startSec, endSec]],
    ),
  );
}

type HashedRow = [
  id: string,
  contentHash: string,
  split: number,
  startSec: number | null,
  endSec: number | null,
];
type HashedRecording = Pick<Recording, 'id' | 'contentHash' | 'split' | 'startSec' | 'endSec'>;

/** Null where rows did not come in order: SQLite orders by UTF-8 bytes, which differs for a few pairs of characters. */
function hashInOrder(rows: Iterable<HashedRow>): string | null {
  const hash = new SplitHash();
  let before = '';
  for (const row of rows) {
    if (row[0] < before) return null;
    before = row[0];
    hash.add(hashed(row));
  }
  return hash.digest();
}

function hashSorted(rows: HashedRow[]): string {
  const hash = new SplitHash();
  for (const recording of rows.map(hashed).sort(compareIds)) hash.add(recording);
  return hash.digest();
}

function hashed([id, contentHash, split, startSec, endSec]: HashedRow): HashedRecording {
  return { id, contentHash, split: splits[split] ?? 'train', startSec, endSec };
}
