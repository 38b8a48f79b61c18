import type { StoreContext } from './context.ts';
import { writeSummary } from './datasets.ts';
import { datasetFinder, datasetOf } from './rows.ts';
import { summariseCollection } from './summary.ts';
import type { StoredDataset } from './types.ts';

/** What came of leaving recordings out, or taking them back. */
export interface ExclusionOutcome {
  dataset: StoredDataset;
  /** Ids of those that this changed. */
  changed: string[];
  /** Ids that the dataset does not have. */
  unknown: string[];
}

/** Operations that leave recordings out of the splits. A recording keeps the split that it had, for when it comes back. */
export function exclusionOperations(context: StoreContext) {
  const { db } = context;
  const datasets = datasetFinder(db);
  const set = db.prepare<{ reason: string | null; collection: number; id: string }>(
    `UPDATE recordings SET excluded = :reason
     WHERE collection = :collection AND id = :id AND excluded IS NOT :reason
       AND (:reason IS NULL OR excluded IS NULL)`,
  );
  const known = db
    .prepare<[number, string], number>('SELECT 1 FROM recordings WHERE collection = ? AND id = ?')
    .pluck();

  const affected = db
    .prepare<[number, number], string>(
      'SELECT id FROM recordings WHERE collection = ? AND (excluded IS NULL) = ? ORDER BY id',
    )
    .pluck();

  return {
    /**
     * Leaves recordings out with a reason (those that are out keep theirs), or takes them back (null); `ids` null means all.
     * @throws ResynthError dataset/unknown.
     */
    excludeRecordings(which: string, ids: readonly string[] | null, reason: string | null): ExclusionOutcome {
      const { collection } = datasets.need(which);
      const unknown: string[] = [];
      const changed = db.transaction(() => {
        const wanted = ids ?? affected.all(collection, reason === null ? 0 : 1);
        const done: string[] = [];
        for (const id of new Set(wanted)) {
          if (set.run({ reason, collection, id }).changes > 0) done.push(id);
          else if (known.get(collection, id) === undefined) unknown.push(id);
        }
        if (done.length > 0) writeSummary(context, collection, summariseCollection(db, collection));
        return done;
      })();
      if (changed.length > 0) {
        context.columns.drop(collection);
        context.wrote('much');
      }
      return { dataset: datasetOf(datasets.need(which)), changed, unknown };
    },
  };
}
