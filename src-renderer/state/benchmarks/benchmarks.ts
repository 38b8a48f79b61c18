import { benchmarksList, type BenchmarkSummary } from '../../../src-preload/contract/commands/benchmark.ts';
import { benchmarkChanged, benchmarkRemoved } from '../../../src-preload/contract/events/benchmarks.ts';
import type { KeptListOf } from '../kept-list.svelte.ts';

/** Every benchmark that is kept, the newest first. */
export const keptBenchmarks: KeptListOf<BenchmarkSummary> = {
  read: async (host) => (await host.call(benchmarksList, {})).benchmarks,
  idOf: ({ benchmark }) => benchmark,
  order: (a, b) => b.createdMs - a.createdMs,
  watch: (host, { changed, removed }) => [
    host.on(benchmarkChanged, ({ benchmark }) => changed(benchmark)),
    host.on(benchmarkRemoved, ({ benchmark }) => removed(benchmark)),
  ],
};
