import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import type { Database } from '../../store/database/client.ts';
import type { MetricsStretch } from './run-metrics-tail.ts';

/** What runs need of the database: a row each, and their curves. */
export interface RunStore {
  /** Takes in how a run is now; one that was deleted is there again. */
  putRun(summary: RunSummary): Promise<void>;
  /** Ids of all runs that it knows, deleted ones included. */
  runIds(): Promise<string[]>;
  /** A run's folder is gone; its curves are kept as long as it can be restored. */
  setDeleted(id: string): Promise<void>;
  /** Forgets a run for good. */
  forgetRun(id: string): Promise<void>;
  /** The byte of a run's metrics.jsonl up to which its rows are there. */
  metricsBytes(run: string): Promise<number>;
  /**
   * Takes a stretch of it, whole or not at all. `next` is the byte to go on from: other than the stretch's end, nothing was
   * taken. `superseded` tells that rows that were there are no longer so.
   */
  ingestMetrics(run: string, stretch: MetricsStretch): Promise<{ next: number; superseded: boolean }>;
  /** Forgets the curves of a run: its file is another one. */
  resetMetrics(run: string): Promise<void>;
}

/** The part of the database that runs are kept in. */
export function runStoreOf(database: Database): RunStore {
  return {
    putRun: async (summary) => {
      const {
        run: id,
        name,
        state,
        preset,
        dataset,
        createdMs,
        updatedMs,
        step,
        epoch,
        queuePlace,
      } = summary;
      const bestValue = summary.bestValidation?.value ?? null;
      const row = {
        id,
        name,
        state,
        preset,
        dataset,
        createdMs,
        updatedMs,
        step,
        epoch,
        bestValue,
        queuePlace,
      };
      await database.putRuns([{ ...row, summary }]);
      await database.setRunDeleted(id, null);
    },
    runIds: async () => {
      const lists = await Promise.all([database.listRuns(), database.listDeletedRuns()]);
      return lists.flat().map(({ id }) => id);
    },
    setDeleted: async (id) => {
      try {
        await database.setRunDeleted(id, Date.now());
      } catch (thrown) {
        // It went before it was ever taken in.
        if (!(thrown instanceof ResynthError) || thrown.code !== 'runs/not-found') throw thrown;
      }
    },
    forgetRun: async (id) => void (await database.forgetRun(id)),
    metricsBytes: (run) => database.metricsPosition(run),
    ingestMetrics: (run, stretch) => database.ingestMetrics(run, stretch),
    resetMetrics: (run) => database.resetMetrics(run),
  };
}
