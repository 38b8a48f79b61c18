import { z } from 'zod';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { StoreContext } from './context.ts';
import type { ListedRun, RunAnnotation, StoredClips, StoredRun } from './types.ts';

interface RunRow extends Omit<StoredRun, 'summary'> {
  key: number;
  summary: string;
  notes: string;
  colour: string | null;
  deletedMs: number | null;
  metricsBytes: number;
}

const mseSchema = z.array(z.number().nullable());

/** Operations on runs as a list shows them. Their folders are the truth; notes, tags and colours are kept here alone. */
export function runOperations(context: StoreContext) {
  const { db } = context;
  const put = db.prepare(
    `INSERT INTO runs (id, name, state, preset, dataset, createdMs, updatedMs, step, epoch, bestValue, queuePlace, summary)
     VALUES (:id, :name, :state, :preset, :dataset, :createdMs, :updatedMs, :step, :epoch, :bestValue, :queuePlace,
       :summary)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, preset = excluded.preset,
       dataset = excluded.dataset, createdMs = excluded.createdMs, updatedMs = excluded.updatedMs,
       step = excluded.step, epoch = excluded.epoch, bestValue = excluded.bestValue,
       queuePlace = excluded.queuePlace, summary = excluded.summary`,
  );
  const listed = db.prepare<[], RunRow>(
    'SELECT * FROM runs WHERE deletedMs IS NULL ORDER BY createdMs DESC, id',
  );
  const deleted = db.prepare<[], RunRow>(
    'SELECT * FROM runs WHERE deletedMs IS NOT NULL ORDER BY deletedMs DESC',
  );
  const byId = db.prepare<[string], RunRow>('SELECT * FROM runs WHERE id = ?');
  const tagsOf = db
    .prepare<[number], string>('SELECT tag FROM run_tags WHERE run = ? ORDER BY place')
    .pluck();
  const allTags = db.prepare<[], { run: number; tag: string }>(
    'SELECT run, tag FROM run_tags ORDER BY run, place',
  );

  const need = (id: string): RunRow => {
    const row = byId.get(id);
    if (!row) throw new ResynthError('runs/not-found', { name: id });
    return row;
  };
  const withTags = (rows: RunRow[]): ListedRun[] => {
    const tags = new Map<number, string[]>();
    for (const { run, tag } of allTags.all()) tags.set(run, [...(tags.get(run) ?? []), tag]);
    return rows.map((row) => runOf(row, tags.get(row.key) ?? []));
  };

  return {
    /** Takes in what the folders of runs tell; notes, tags, colours and curves stay. All of them or none. */
    putRuns(runs: readonly StoredRun[]): void {
      db.transaction(() => {
        for (const run of runs) put.run({ ...run, summary: JSON.stringify(run.summary ?? null) });
      })();
      context.wrote('little');
    },

    /** Every run that is not deleted, the newest first. */
    listRuns: (): ListedRun[] => withTags(listed.all()),

    /** Those that were deleted and can be restored, the last one first. */
    listDeletedRuns: (): ListedRun[] => withTags(deleted.all()),

    /** One run, deleted or not; null where there is none of that id. */
    readRun(id: string): ListedRun | null {
      const row = byId.get(id);
      return row ? runOf(row, tagsOf.all(row.key)) : null;
    },

    /** Sets what is given of notes, tags and colour. @throws ResynthError runs/not-found. */
    annotateRun(id: string, annotation: Partial<RunAnnotation>): ListedRun {
      const { key } = need(id);
      const { notes, tags, colour } = annotation;
      db.transaction(() => {
        if (notes !== undefined) db.prepare('UPDATE runs SET notes = ? WHERE key = ?').run(notes, key);
        if (colour !== undefined) db.prepare('UPDATE runs SET colour = ? WHERE key = ?').run(colour, key);
        if (tags === undefined) return;
        db.prepare('DELETE FROM run_tags WHERE run = ?').run(key);
        const add = db.prepare('INSERT INTO run_tags (run, place, tag) VALUES (?, ?, ?)');
        for (const [place, tag] of [...new Set(tags)].entries()) add.run(key, place, tag);
      })();
      context.wrote('little');
      return runOf(need(id), tagsOf.all(key));
    },

    /** Takes a run out of the list, or (null) puts it back. @throws ResynthError runs/not-found. */
    setRunDeleted(id: string, deletedMs: number | null): void {
      db.prepare('UPDATE runs SET deletedMs = ? WHERE key = ?').run(deletedMs, need(id).key);
      context.wrote('little');
    },

    /** Forgets a run with its notes and curves for good; whether there was one. */
    forgetRun(id: string): boolean {
      const { changes } = db.prepare('DELETE FROM runs WHERE id = ?').run(id);
      if (changes > 0) context.wrote('little');
      return changes > 0;
    },

    /** Takes note that a run decoded its validation clips at a step; again for the same step is no matter. */
    putClips(id: string, { step, epoch, mse }: StoredClips): void {
      db.prepare('INSERT OR REPLACE INTO clips (run, step, epoch, mse) VALUES (?, ?, ?, ?)').run(
        need(id).key,
        step,
        epoch,
        JSON.stringify(mse),
      );
      context.wrote('little');
    },

    /** The steps at which a run decoded its clips, in order. @throws ResynthError runs/not-found. */
    listClips(id: string): StoredClips[] {
      const rows = db
        .prepare<[number], { step: number; epoch: number; mse: string }>(
          'SELECT step, epoch, mse FROM clips WHERE run = ? ORDER BY step',
        )
        .all(need(id).key);
      return rows.map(({ mse, ...rest }) => ({
        ...rest,
        // JSON writes NaN as null.
        mse: mseSchema.parse(JSON.parse(mse)).map((value) => value ?? Number.NaN),
      }));
    },
  };
}

function runOf({ key: _key, metricsBytes: _bytes, summary, ...row }: RunRow, tags: string[]): ListedRun {
  return { ...row, summary: JSON.parse(summary) as unknown, tags };
}
