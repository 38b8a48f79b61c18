import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Recording, SkippedFile } from '../../corpora/recording.ts';
import { firstKey, lastKey, type StoreContext } from './context.ts';
import { applyDivision, basisOf, datasetRows, followCorpus } from './divisions.ts';
import {
  datasetFinder,
  type DatasetRow,
  datasetOf,
  datasetSelect,
  recordingOf,
  type RecordingRow,
  recordingSelect,
  unknownDataset,
} from './rows.ts';
import { type CollectionSummary, splitHashOfDivision, summariseCollection } from './summary.ts';
import type { Division, SplitBasis, SplitScheme, StoredDataset } from './types.ts';

/** Operations on datasets as a whole. */
export function datasetOperations(context: StoreContext) {
  const { db } = context;
  const listed = db.prepare<[], DatasetRow>(
    `${datasetSelect} WHERE removedMs IS NULL ORDER BY createdMs, name`,
  );
  const removed = db.prepare<[], DatasetRow>(
    `${datasetSelect} WHERE removedMs IS NOT NULL ORDER BY removedMs DESC`,
  );
  const { find, need } = datasetFinder(db);
  const setName = db.prepare<[string, number]>('UPDATE datasets SET name = ? WHERE collection = ?');
  const setFolder = db.prepare<[string, number]>('UPDATE datasets SET folder = ? WHERE collection = ?');
  const setRemoved = db.prepare<[number | null, number]>(
    'UPDATE datasets SET removedMs = ? WHERE collection = ?',
  );
  const recording = db.prepare<[number, string], RecordingRow>(
    `${recordingSelect} WHERE collection = ? AND id = ?`,
  );
  const following = db.prepare<[number, string, number], RecordingRow>(
    `${recordingSelect} WHERE collection = ? AND id > ? ORDER BY id LIMIT ?`,
  );
  const skippedPage = db.prepare<[number, number, number], SkippedFile>(
    'SELECT id, code, message, remedy FROM skipped WHERE collection = ? ORDER BY id LIMIT ? OFFSET ?',
  );
  const skippedReasons = db.prepare<[number], { code: string; entries: number }>(
    'SELECT code, count(*) AS entries FROM skipped WHERE collection = ? GROUP BY code ORDER BY entries DESC, code',
  );

  const again = (row: DatasetRow): StoredDataset => datasetOf(need(row.id));

  return {
    /** Every dataset in the order of adding. */
    listDatasets: (): StoredDataset[] => listed.all().map(datasetOf),

    /** Those that were removed and not yet purged, the last one first. */
    listRemovedDatasets: (): StoredDataset[] => removed.all().map(datasetOf),

    /** By id, else by name. @throws ResynthError dataset/unknown. */
    readDataset: (which: string): StoredDataset => datasetOf(need(which)),

    /** By id, else by name; null where there is none. */
    findDataset: (which: string): StoredDataset | null => {
      const row = find(which);
      return row ? datasetOf(row) : null;
    },

    /** Its id stays. @throws ResynthError dataset/unknown, dataset/name-taken. */
    renameDataset(which: string, name: string): StoredDataset {
      const row = need(which);
      refuseTaken(listed.all(), row, name);
      setName.run(name, row.collection);
      context.wrote('little');
      return again(row);
    },

    /** Where its folder is now; the recordings are compared by the next scan. @throws ResynthError dataset/unknown. */
    relinkDataset(which: string, folder: string): StoredDataset {
      const row = need(which);
      setFolder.run(folder, row.collection);
      context.wrote('little');
      return again(row);
    },

    /** Takes it out of the list; it can be restored until it is purged. @throws ResynthError dataset/unknown. */
    removeDataset(which: string, nowMs: number): StoredDataset {
      const row = need(which);
      setRemoved.run(nowMs, row.collection);
      context.wrote('little');
      return { ...datasetOf(row), removedMs: nowMs };
    },

    /**
     * Brings back the one of that id or name that was removed last.
     * @throws ResynthError dataset/unknown; dataset/name-taken where another one has the name by now.
     */
    restoreDataset(which: string): StoredDataset {
      const candidates = removed.all();
      const row = candidates.find(({ id }) => id === which) ?? candidates.find(({ name }) => name === which);
      if (!row)
        throw unknownDataset(
          which,
          candidates.map(({ name }) => name),
        );
      refuseTaken(listed.all(), row, row.name);
      setRemoved.run(null, row.collection);
      context.wrote('little');
      return again(row);
    },

    /** Forgets for good what was removed before a time; gives back how many datasets. */
    purgeDatasets(beforeMs: number): number {
      const { changes } = db.prepare('DELETE FROM datasets WHERE removedMs < ?').run(beforeMs);
      if (changes > 0) {
        context.wrote('little');
        context.left();
      }
      return changes;
    },

    /** What a new division is made from. @throws ResynthError dataset/unknown. */
    readSplitBasis(which: string): SplitBasis {
      const row = need(which);
      return basisOf(datasetRows(db, row.collection), revisionOf(row));
    },

    /**
     * Divides a dataset anew: as the corpus says, or as `division` does.
     * @throws ResynthError dataset/unknown, store/recordings-changed.
     */
    divideDataset(
      which: string,
      scheme: SplitScheme,
      splitNote: string,
      division: Division | null,
    ): StoredDataset {
      const row = need(which);
      if (division && division.revision !== revisionOf(row)) {
        throw new ResynthError('store/recordings-changed', { name: row.name });
      }
      db.transaction(() => {
        if (division) applyDivision(db, row.collection, division.split, row.name);
        else followCorpus(db, row.collection);
        db.prepare(
          `UPDATE datasets SET splitRule = :rule, splitSeed = :seed, splitValidation = :validation,
             splitTest = :test, splitNote = :splitNote WHERE collection = :collection`,
        ).run({ ...scheme, splitNote, collection: row.collection });
        writeSummary(context, row.collection, summariseCollection(db, row.collection));
      })();
      context.columns.drop(row.collection);
      context.wrote('much');
      return again(row);
    },

    /** The split hash that a division would give; nothing is changed. @throws ResynthError dataset/unknown, store/recordings-changed. */
    splitHashOf(which: string, division: Division): string {
      const row = need(which);
      if (division.revision !== revisionOf(row)) {
        throw new ResynthError('store/recordings-changed', { name: row.name });
      }
      return splitHashOfDivision(db, row.collection, division.split);
    },

    /** One recording; null where there is none of that id. @throws ResynthError dataset/unknown. */
    readRecording(which: string, id: string): Recording | null {
      const row = recording.get(need(which).collection, id);
      return row ? recordingOf(row) : null;
    },

    /**
     * The next recordings in order of id (by code point), from the one after `afterId` on: to go through all of them in
     * pieces. An empty list is the end. @throws ResynthError dataset/unknown.
     */
    recordingsAfter(which: string, afterId: string | null, limit: number): Recording[] {
      return following.all(need(which).collection, afterId ?? '', limit).map(recordingOf);
    },

    /** Entries that were not taken, in order of id. @throws ResynthError dataset/unknown. */
    listSkipped(
      which: string,
      offset: number,
      limit: number,
    ): { total: number; reasons: { code: string; entries: number }[]; rows: SkippedFile[] } {
      const { collection, skipped } = need(which);
      return {
        total: skipped,
        reasons: skippedReasons.all(collection),
        rows: skippedPage.all(collection, limit, offset),
      };
    },
  };
}

/** Puts what was counted into the dataset's row, and its revision one up. */
export function writeSummary(
  { db }: Pick<StoreContext, 'db'>,
  collection: number,
  summary: CollectionSummary,
): void {
  db.prepare(
    `UPDATE datasets SET recordings = :recordings, skipped = :skipped, silent = :silent, excluded = :excluded, warned = :warned,
       bytes = :bytes,
       durationSec = :durationSec, train = :train, validation = :validation, test = :test,
       speakers = :speakers, labels = :labels, splitHash = :splitHash, revision = revision + 1
     WHERE collection = :collection`,
  ).run({ ...summary, collection });
}

/** @throws ResynthError dataset/name-taken: a name must not be another one's name, nor its id. */
export function refuseTaken(
  all: readonly DatasetRow[],
  own: { collection: number; id: string },
  name: string,
): void {
  const other = all.find(
    (one) => one.collection !== own.collection && (one.name === name || one.id === name || one.id === own.id),
  );
  if (other) throw new ResynthError('dataset/name-taken', { name, folder: other.folder });
}

/** Changes whenever the recordings of a dataset, or their splits, do. */
export function revisionOf({ collection, revision }: Pick<DatasetRow, 'collection' | 'revision'>): string {
  return `${collection}.${revision}`;
}

/** Deletes at most `limit` rows that belong to no dataset and no scan; false when there are none left. */
export function sweepRecordings({ db }: Pick<StoreContext, 'db'>, limit: number): boolean {
  const orphan = db
    .prepare<[], number>(
      `SELECT key FROM collections WHERE key NOT IN (SELECT collection FROM datasets)
         AND key NOT IN (SELECT collection FROM scans) LIMIT 1`,
    )
    .pluck()
    .get();
  if (orphan === undefined) return false;
  db.transaction(() => {
    const { changes } = db
      .prepare(
        `DELETE FROM recordings WHERE rowKey IN
           (SELECT rowKey FROM recordings WHERE rowKey BETWEEN ? AND ? LIMIT ?)`,
      )
      .run(firstKey(orphan), lastKey(orphan), limit);
    if (changes > 0) return;
    db.prepare('DELETE FROM skipped WHERE collection = ?').run(orphan);
    db.prepare('DELETE FROM collections WHERE key = ?').run(orphan);
  })();
  return true;
}
