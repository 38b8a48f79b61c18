import type { Recording, Split } from '../../corpora/recording.ts';
import type { StoreContext } from './context.ts';
import {
  type DatasetRow,
  datasetSelect,
  recordingOf,
  type RecordingRow,
  recordingSelect,
  splitCode,
  unknownDataset,
} from './rows.ts';

/** A recording and those beside it in a split; silent ones and excluded ones, which no model is given, are passed over. */
export interface RecordingNeighbours {
  /** Null where there is no such recording, or the split has none. */
  recording: Recording | null;
  previous: string | null;
  next: string | null;
}

/** Operations that step from recording to recording. */
export function neighbourOperations({ db }: StoreContext) {
  const named = db.prepare<{ which: string }, DatasetRow>(
    `${datasetSelect} WHERE removedMs IS NULL AND (id = :which OR name = :which) ORDER BY id <> :which`,
  );
  const names = db.prepare<[], string>('SELECT name FROM datasets WHERE removedMs IS NULL').pluck();
  const own = db.prepare<[number, string], RecordingRow>(
    `${recordingSelect} WHERE collection = ? AND id = ?`,
  );
  const audible = 'collection = ? AND split = ? AND peak > 0 AND excluded IS NULL';
  const first = db.prepare<[number, number], RecordingRow>(
    `${recordingSelect} WHERE ${audible} ORDER BY id LIMIT 1`,
  );
  const after = db
    .prepare<[number, number, string], string>(
      `SELECT id FROM recordings WHERE ${audible} AND id > ? ORDER BY id LIMIT 1`,
    )
    .pluck();
  const before = db
    .prepare<[number, number, string], string>(
      `SELECT id FROM recordings WHERE ${audible} AND id < ? ORDER BY id DESC LIMIT 1`,
    )
    .pluck();

  return {
    /** The recording `id`, the first of the split for null, with its neighbours. @throws ResynthError dataset/unknown. */
    recordingsAround(which: string, split: Split, id: string | null): RecordingNeighbours {
      const dataset = named.get({ which });
      if (!dataset) throw unknownDataset(which, names.all());
      const { collection } = dataset;
      const code = splitCode(split);
      const row = id === null ? first.get(collection, code) : own.get(collection, id);
      if (!row) return { recording: null, previous: null, next: null };
      return {
        recording: recordingOf(row),
        previous: before.get(collection, code, row.id) ?? null,
        next: after.get(collection, code, row.id) ?? null,
      };
    },
  };
}
