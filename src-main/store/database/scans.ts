import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Recording, SkippedFile } from '../../corpora/recording.ts';
import { newCollection, numberOf, type StoreContext } from './context.ts';
import { refuseTaken, writeSummary } from './datasets.ts';
import { applyDivision, basisOf, followCorpus } from './divisions.ts';
import { Marks } from './marks.ts';
import {
  datasetFinder,
  type DatasetRow,
  datasetOf,
  datasetSelect,
  splitCode,
  unknownDataset,
} from './rows.ts';
import { mergedRows, mergeScan } from './scan-merge.ts';
import { type KnownRow, stagingStatements } from './staging.ts';
import { summariseCollection } from './summary.ts';
import type {
  DatasetFacts,
  Division,
  FoundRecording,
  ScanChanges,
  SplitBasis,
  StoredDataset,
} from './types.ts';

/** What an interrupted scan had measured is used by the next one of the same folder for so long. */
const keptForMs = 7 * 24 * 3600 * 1000;

/** A reading of a folder that is under way. What it finds waits in a collection of its own until it ends. */
export interface ActiveScan {
  readonly key: number;
  readonly folder: string;
  /** The collection of the dataset that is read again; null for a new one. */
  readonly base: number | null;
  /** Rows of the dataset that were found again as they were, by number. */
  readonly seen: Marks;
  /** Rows of the scan's own collection that this scan has met: an interrupted one may have left others there. */
  readonly met: Marks;
  readonly resumed: boolean;
  nextNumber: number;
}

export interface BegunScan {
  scan: number;
  /** Recordings that the dataset has now. */
  known: number;
  /** Recordings that an interrupted scan of the same folder had measured: they are not read again. */
  measured: number;
}

export interface ComparedFiles {
  /** Ids that have to be read: new, or of another size or time of change than before. */
  toRead: string[];
  unchanged: number;
}

/**
 * Operations of a scan: begin, compare what is found and stage what was read, batch by batch, finish. Until it has
 * finished nothing of it is seen; cancelled or killed, it leaves the dataset as it was.
 */
export function scanOperations(context: StoreContext) {
  const { db } = context;
  const active = new Map<number, ActiveScan>();
  const staging = stagingStatements(db);
  const datasets = datasetFinder(db);
  const ofCollection = db.prepare<[number], DatasetRow>(`${datasetSelect} WHERE collection = ?`);
  const listed = db.prepare<[], DatasetRow>(`${datasetSelect} WHERE removedMs IS NULL`);
  const interrupted = db
    .prepare<[string, number | null], number>(
      'SELECT collection FROM scans WHERE folder = ? AND base IS ? ORDER BY startedMs DESC',
    )
    .pluck();

  const need = (scan: number): ActiveScan => {
    const found = active.get(scan);
    if (!found) throw new ResynthError('store/scan-gone', { folder: 'this folder' });
    return found;
  };
  const forget = (scan: ActiveScan) => {
    active.delete(scan.key);
    db.prepare('DELETE FROM scans WHERE collection = ?').run(scan.key);
  };
  dropStaleScans(context);

  return {
    /**
     * Begins to read a folder, for a new dataset (null) or for one that is there.
     * @throws ResynthError dataset/unknown, store/scan-under-way.
     */
    beginScan(folder: string, dataset: string | null, nowMs: number): BegunScan {
      const row = dataset === null ? null : datasets.need(dataset);
      const base = row?.collection ?? null;
      for (const one of active.values()) {
        if (one.folder === folder && one.base === base)
          throw new ResynthError('store/scan-under-way', { folder });
      }
      const left = interrupted.all(folder, base).find((key) => !active.has(key));
      const key = db.transaction(() => {
        if (left !== undefined) {
          db.prepare('DELETE FROM skipped WHERE collection = ?').run(left);
          db.prepare('UPDATE scans SET startedMs = ? WHERE collection = ?').run(nowMs, left);
          return left;
        }
        const fresh = newCollection(db);
        db.prepare('INSERT INTO scans (collection, folder, base, startedMs) VALUES (?, ?, ?, ?)').run(
          fresh,
          folder,
          base,
          nowMs,
        );
        return fresh;
      })();
      active.set(key, {
        key,
        folder,
        base,
        seen: new Marks(),
        met: new Marks(),
        resumed: left !== undefined,
        nextNumber: staging.nextNumber(key),
      });
      const measured = left === undefined ? 0 : staging.count(key);
      return { scan: key, known: row?.recordings ?? 0, measured };
    },

    /**
     * Compares a batch of files with what is known and takes note that they are there. What the layout says about them
     * (speaker, label, split, transcript) is taken over without reading them. @throws ResynthError store/scan-gone.
     */
    compareFound(scanKey: number, found: readonly FoundRecording[]): ComparedFiles {
      const scan = need(scanKey);
      const toRead: string[] = [];
      db.transaction(() => {
        for (const file of found) {
          if (scan.base !== null && compareWithDataset(scan.base, scan, file)) continue;
          if (scan.resumed && compareWithMeasured(scan, file)) continue;
          toRead.push(file.id);
        }
      })();
      return { toRead, unchanged: found.length - toRead.length };
    },

    /** Takes in a batch of recordings that were read, whole or not at all. @throws ResynthError store/scan-gone. */
    stageRecordings(scanKey: number, recordings: readonly Recording[]): void {
      const scan = need(scanKey);
      db.transaction(() => {
        for (const recording of recordings) {
          const rowKey = staging.put(scan.key, scan.nextNumber, recording);
          scan.nextNumber++;
          scan.met.set(numberOf(rowKey));
        }
      })();
      context.wrote('little');
    },

    /** Takes in a batch of entries that were passed over. @throws ResynthError store/scan-gone. */
    stageSkipped(scanKey: number, skipped: readonly SkippedFile[]): void {
      const scan = need(scanKey);
      const put = db.prepare(
        `INSERT OR REPLACE INTO skipped (collection, id, code, message, remedy)
         VALUES (?, ?, ?, ?, ?)`,
      );
      db.transaction(() => {
        for (const { id, code, message, remedy } of skipped) put.run(scan.key, id, code, message, remedy);
      })();
    },

    /** What the dataset would have if the scan ended now, to divide it into splits. @throws ResynthError store/scan-gone. */
    readScanSplitBasis(scanKey: number): SplitBasis {
      const scan = need(scanKey);
      return basisOf(mergedRows(db, scan), scanRevision(scan));
    },

    /**
     * Ends a scan: what it found becomes the dataset, at one moment. Without a `division` the splits are the corpus's own
     * where the scheme says so; under another scheme recordings keep theirs, and new ones have the corpus's.
     * @throws ResynthError store/scan-gone, store/recordings-changed, dataset/name-taken, dataset/unknown where the
     *   dataset was removed for good meanwhile; files/disk-full.
     */
    finishScan(
      scanKey: number,
      facts: DatasetFacts,
      division: Division | null,
    ): { dataset: StoredDataset; changes: ScanChanges } {
      const scan = need(scanKey);
      if (division && division.revision !== scanRevision(scan)) {
        throw new ResynthError('store/recordings-changed', { name: facts.name });
      }
      const collection = scan.base ?? scan.key;
      const changes = db.transaction(() => {
        if (scan.base === null) {
          refuseTaken(listed.all(), { collection, id: facts.id }, facts.name);
          insertDataset(context, collection, facts);
        } else if (!ofCollection.get(scan.base)) {
          throw unknownDataset(
            facts.name,
            listed.all().map(({ name }) => name),
          );
        }
        const merged = mergeScan(db, scan);
        let divided = 0;
        if (division) divided = applyDivision(db, collection, division.split, facts.name);
        else if (facts.splitScheme.rule === 'corpus') divided = followCorpus(db, collection);
        updateFacts(context, collection, facts);
        if (merged.touched || divided > 0 || scan.base === null) {
          writeSummary(context, collection, summariseCollection(db, collection));
        }
        forget(scan);
        return merged.changes;
      })();
      context.columns.drop(collection);
      context.wrote('much');
      context.left();
      const row = ofCollection.get(collection);
      if (!row) throw new Error('The dataset just written is not there.');
      return { dataset: datasetOf(row), changes };
    },

    /** Ends a scan and changes nothing. With `keep`, what it measured is used when the same folder is read next. */
    cancelScan(scanKey: number, keep: boolean): void {
      const scan = active.get(scanKey);
      if (!scan) return;
      if (keep) active.delete(scanKey);
      else forget(scan);
      context.left();
    },
  };

  function compareWithDataset(base: number, scan: ActiveScan, file: FoundRecording): boolean {
    const row = staging.find(base, file.id);
    if (!row || !isSameSound(row, file)) return false;
    scan.seen.set(numberOf(row.rowKey));
    if (row.corpusSplit === splitCode(file.split) && told.every((fact) => row[fact] === file[fact]))
      return true;
    const rowKey = staging.copyWith(scan.key, scan.nextNumber, row.rowKey, file);
    scan.nextNumber++;
    scan.met.set(numberOf(rowKey));
    return true;
  }

  function compareWithMeasured(scan: ActiveScan, file: FoundRecording): boolean {
    const row = staging.find(scan.key, file.id);
    if (!row || !isSameSound(row, file)) return false;
    scan.met.set(numberOf(row.rowKey));
    staging.setFacts(row.rowKey, file);
    return true;
  }
}

/** What a layout says of a file, beside the split: taken over without reading it. */
const told = ['speaker', 'label', 'transcript', 'sex', 'subset'] as const;

/** Whether a file is the one that was read, and the same stretch of it. */
function isSameSound(row: KnownRow, file: FoundRecording): boolean {
  if (row.bytes !== file.bytes || row.modifiedMs !== file.modifiedMs) return false;
  return row.source === file.source && row.startSec === file.startSec && row.endSec === file.endSec;
}

function scanRevision(scan: ActiveScan): string {
  return `scan ${scan.key}.${scan.nextNumber}`;
}

function insertDataset(
  { db }: StoreContext,
  collection: number,
  { id, name, scannedMs }: DatasetFacts,
): void {
  db.prepare(
    `INSERT INTO datasets (collection, id, name, folder, layout, layoutNote, splitNote, splitRule, splitSeed,
       splitValidation, splitTest, splitHash, createdMs, scannedMs, revision, recordings, skipped, silent, bytes,
       durationSec, train, validation, test, speakers, labels)
     VALUES (:collection, :id, :name, '', '', '', '', 'corpus', 0, 0, 0, '', :scannedMs, :scannedMs, 0, 0, 0, 0, 0,
       0, 0, 0, 0, '[]', '[]')`,
  ).run({ collection, id, name, scannedMs });
}

/** The name of a dataset that is there stays: it may have been renamed while it was read. */
function updateFacts({ db }: StoreContext, collection: number, facts: DatasetFacts): void {
  const { folder, manifest, layout, layoutNote, splitNote, splitScheme, scannedMs } = facts;
  db.prepare(
    `UPDATE datasets SET folder = :folder, manifest = :manifest, layout = :layout, layoutNote = :layoutNote, splitNote = :splitNote,
       splitRule = :rule, splitSeed = :seed, splitValidation = :validation, splitTest = :test,
       scannedMs = :scannedMs, skipped = (SELECT count(*) FROM skipped WHERE collection = :collection)
     WHERE collection = :collection`,
  ).run({ folder, manifest, layout, layoutNote, splitNote, ...splitScheme, scannedMs, collection });
}

function dropStaleScans(context: StoreContext): void {
  context.db.prepare('DELETE FROM scans WHERE startedMs < ?').run(Date.now() - keptForMs);
  context.left();
}
