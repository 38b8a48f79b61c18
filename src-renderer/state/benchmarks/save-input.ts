import type { z } from 'zod';
import type { benchmarksSave, BenchmarkSummary } from '../../../src-preload/contract/commands/benchmark.ts';

/** What keeps a benchmark as it is; the parts that change are put over it. */
export function saveInput({
  benchmark,
  name,
  systems,
  against,
  dataset,
  split,
  limit,
  metrics,
}: Omit<BenchmarkSummary, 'createdMs' | 'changedMs'>): z.input<typeof benchmarksSave.input> {
  return {
    benchmark,
    name,
    systems,
    dataset: dataset.id,
    split,
    metrics,
    ...(limit === null ? {} : { limit }),
    ...(against === null ? {} : { against }),
  };
}
