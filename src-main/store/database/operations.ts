import type { StoreContext } from './context.ts';
import { analysisOperations } from './analysis.ts';
import { benchmarkOperations } from './benchmarks.ts';
import { datasetOperations } from './datasets.ts';
import { exclusionOperations } from './exclusions.ts';
import { evaluationOperations } from './evaluations.ts';
import { keepsakeOperations } from './keepsakes.ts';
import { listeningOperations } from './listening.ts';
import { metricOperations } from './metrics.ts';
import { neighbourOperations } from './neighbours.ts';
import { recordingOperations } from './recordings.ts';
import { runOperations } from './runs.ts';
import { scanOperations } from './scans.ts';

/** Everything that can be asked of the database, with its statements prepared. Runs on the database's own thread. */
export function createOperations(context: StoreContext) {
  return {
    ...datasetOperations(context),
    ...analysisOperations(context),
    ...exclusionOperations(context),
    ...scanOperations(context),
    ...recordingOperations(context),
    ...neighbourOperations(context),
    ...runOperations(context),
    ...metricOperations(context),
    ...listeningOperations(context),
    ...evaluationOperations(context),
    ...benchmarkOperations(context),
    ...keepsakeOperations(context),
  };
}

export type Operations = ReturnType<typeof createOperations>;

/** The same, asked from another thread. */
export type AsyncOperations = {
  [Name in keyof Operations]: (
    ...args: Parameters<Operations[Name]>
  ) => Promise<ReturnType<Operations[Name]>>;
};
