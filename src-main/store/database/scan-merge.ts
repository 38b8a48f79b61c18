import type { Database as SqliteDatabase } from 'better-sqlite3';
import { firstKey, lastKey, numberOf } from './context.ts';
import type { DividedRow } from './divisions.ts';
import type { ActiveScan } from './scans.ts';
import type { ScanChanges } from './types.ts';

type Merging = Pick<ActiveScan, 'key' | 'base' | 'seen' | 'met' | 'resumed'>;

/**
 * Makes what a scan found the content of its dataset: rows that were not found again go, changed ones are overwritten
 * (they keep their split), new ones are added. Inside a transaction. `touched` is false where nothing is another than
 * before.
 */
export function mergeScan(db: SqliteDatabase, scan: Merging): { changes: ScanChanges; touched: boolean } {
  if (scan.resumed) dropUnmet(db, scan);
  if (scan.base === null) {
    const added = countOf(db, scan.key);
    return { changes: { added, changed: 0, unchanged: 0, removed: 0 }, touched: true };
  }
  const { base } = scan;
  const known = countOf(db, base);
  const staged = countOf(db, scan.key);
  const range = { base, first: firstKey(scan.key), last: lastKey(scan.key) };
  const matching = db
    .prepare<typeof range, [number, number]>(
      `SELECT old.rowKey, old.contentHash <> new.contentHash FROM recordings AS new
       JOIN recordings AS old ON old.collection = :base AND old.id = new.id
       WHERE new.rowKey BETWEEN :first AND :last`,
    )
    .raw()
    .all(range);
  let changed = 0;
  for (const [rowKey, differs] of matching) {
    scan.seen.set(numberOf(rowKey));
    changed += differs;
  }
  const removed = dropUnseen(db, base, scan);
  if (staged > 0) moveOver(db, base, scan.key);
  replaceSkipped(db, base, scan.key);
  const added = staged - matching.length;
  return {
    changes: { added, changed, unchanged: known - removed - changed, removed },
    touched: staged > 0 || removed > 0,
  };
}

/** The rows that the dataset would have if the scan ended now, in order of id. */
export function* mergedRows(db: SqliteDatabase, scan: Merging): Generator<DividedRow> {
  const met = db
    .prepare<[number], DividedRow & { rowKey: number }>(
      `SELECT rowKey, id, speaker, label, durationSec, peak, corpusSplit, split, excluded IS NOT NULL AS excluded FROM recordings
       WHERE collection = ? ORDER BY id`,
    )
    .all(scan.key)
    .filter(({ rowKey }) => scan.met.has(numberOf(rowKey)))
    .map((row) => ({ ...row, fresh: 1 }));
  if (scan.base === null) {
    yield* met;
    return;
  }
  const base = db.prepare<[number], DividedRow & { rowKey: number }>(
    `SELECT rowKey, id, speaker, label, durationSec, peak, corpusSplit, split, excluded IS NOT NULL AS excluded FROM recordings
     WHERE collection = ? ORDER BY id`,
  );
  // Both come in SQLite's order; comparing as SQLite does keeps them so.
  let next = 0;
  for (const row of base.iterate(scan.base)) {
    for (; next < met.length && before(met[next], row); next++) yield met[next] as DividedRow;
    const replacement = met[next];
    if (replacement?.id === row.id) {
      // A recording that is there keeps its split until it is divided anew.
      yield { ...replacement, split: row.split, fresh: 0 };
      next++;
    } else if (scan.seen.has(numberOf(row.rowKey))) {
      yield row;
    }
  }
  for (; next < met.length; next++) yield met[next] as DividedRow;
}

function before(a: DividedRow | undefined, b: DividedRow): boolean {
  return a !== undefined && Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)) < 0;
}

function dropUnmet(db: SqliteDatabase, scan: Merging): void {
  dropWhere(db, scan.key, (number) => !scan.met.has(number));
}

function dropUnseen(db: SqliteDatabase, base: number, scan: Merging): number {
  return dropWhere(db, base, (number) => !scan.seen.has(number));
}

function dropWhere(db: SqliteDatabase, collection: number, doomed: (number: number) => boolean): number {
  const keys = db
    .prepare<[number, number], number>('SELECT rowKey FROM recordings WHERE rowKey BETWEEN ? AND ?')
    .pluck()
    .all(firstKey(collection), lastKey(collection));
  const drop = db.prepare('DELETE FROM recordings WHERE rowKey = ?');
  let dropped = 0;
  for (const key of keys) {
    if (!doomed(numberOf(key))) continue;
    drop.run(key);
    dropped++;
  }
  return dropped;
}

function moveOver(db: SqliteDatabase, base: number, staged: number): void {
  const range = { base, first: firstKey(staged), last: lastKey(staged) };
  db.prepare(
    `UPDATE recordings SET bytes = new.bytes, modifiedMs = new.modifiedMs, sampleRateHz = new.sampleRateHz,
       channels = new.channels, durationSec = new.durationSec, peak = new.peak, rms = new.rms,
       corpusSplit = new.corpusSplit, speaker = new.speaker, label = new.label,
       contentHash = new.contentHash, transcript = new.transcript, sex = new.sex, subset = new.subset,
       source = new.source, startSec = new.startSec, endSec = new.endSec, warning = new.warning
     FROM recordings AS new
     WHERE new.rowKey BETWEEN :first AND :last AND recordings.collection = :base AND recordings.id = new.id`,
  ).run(range);
  const top = db
    .prepare<[number, number], number | null>(
      'SELECT max(rowKey) FROM recordings WHERE rowKey BETWEEN ? AND ?',
    )
    .pluck()
    .get(firstKey(base), lastKey(base));
  const next = top === null || top === undefined ? firstKey(base) : top + 1;
  db.prepare(
    `INSERT INTO recordings (rowKey, collection, bytes, modifiedMs, sampleRateHz, channels, durationSec, peak, rms,
       split, corpusSplit, speaker, label, id, contentHash, transcript,
       sex, subset, source, startSec, endSec, excluded, warning)
     SELECT :next - 1 + row_number() OVER (ORDER BY new.id), :base, new.bytes, new.modifiedMs, new.sampleRateHz,
       new.channels, new.durationSec, new.peak, new.rms, new.corpusSplit, new.corpusSplit, new.speaker, new.label,
       new.id, new.contentHash, new.transcript, new.sex, new.subset, new.source, new.startSec, new.endSec,
       new.excluded, new.warning
     FROM recordings AS new
     WHERE new.rowKey BETWEEN :first AND :last
       AND NOT EXISTS (SELECT 1 FROM recordings AS old WHERE old.collection = :base AND old.id = new.id)`,
  ).run({ ...range, next });
  db.prepare('DELETE FROM recordings WHERE rowKey BETWEEN :first AND :last').run({
    first: range.first,
    last: range.last,
  });
}

function replaceSkipped(db: SqliteDatabase, base: number, staged: number): void {
  db.prepare('DELETE FROM skipped WHERE collection = ?').run(base);
  db.prepare('UPDATE skipped SET collection = ? WHERE collection = ?').run(base, staged);
}

function countOf(db: SqliteDatabase, collection: number): number {
  const count = db
    .prepare<[number, number], number>('SELECT count(*) FROM recordings WHERE rowKey BETWEEN ? AND ?')
    .pluck()
    .get(firstKey(collection), lastKey(collection));
  return count ?? 0;
}
