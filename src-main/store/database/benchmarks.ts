import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { StoreContext } from './context.ts';

/** A benchmark as the database keeps it; `definition` is the host's own, kept as it is. */
export interface StoredBenchmark {
  id: string;
  name: string;
  createdMs: number;
  changedMs: number;
  definition: unknown;
}

/** Operations on benchmarks. */
export function benchmarkOperations(context: StoreContext) {
  const { db } = context;
  const listed = db.prepare<[], Omit<StoredBenchmark, 'definition'> & { definition: string }>(
    'SELECT * FROM benchmarks ORDER BY createdMs DESC, id',
  );
  const named = db.prepare<[string], string>('SELECT id FROM benchmarks WHERE name = ?').pluck();
  const put = db.prepare(
    `INSERT INTO benchmarks (id, name, createdMs, changedMs, definition) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, changedMs = excluded.changedMs, definition = excluded.definition`,
  );
  const remove = db.prepare('DELETE FROM benchmarks WHERE id = ?');

  return {
    /** The newest first. */
    listBenchmarks: (): StoredBenchmark[] =>
      listed.all().map((row) => ({ ...row, definition: JSON.parse(row.definition) as unknown })),

    /** Keeps a benchmark, or how it is now; when it was made stays. @throws ResynthError benchmarks/name-taken. */
    putBenchmark({ id, name, createdMs, changedMs, definition }: StoredBenchmark): void {
      const taken = named.get(name);
      if (taken !== undefined && taken !== id) throw new ResynthError('benchmarks/name-taken', { name });
      put.run(id, name, createdMs, changedMs, JSON.stringify(definition));
      context.wrote('little');
    },

    removeBenchmark(id: string): void {
      remove.run(id);
      context.wrote('little');
    },
  };
}
