import {
  type EvaluationSummary,
  evaluateDelete,
  evaluateList,
  evaluateRestore,
} from '../../../src-preload/contract/commands/evaluate.ts';
import { type MetricFacts, metricsList } from '../../../src-preload/contract/commands/metrics.ts';
import { type ExternalSystem, systemsList } from '../../../src-preload/contract/commands/systems.ts';
import {
  evaluationChanged,
  evaluationRemoved,
  systemChanged,
  systemRemoved,
} from '../../../src-preload/contract/events/evaluations.ts';
import type { Host } from '../../host.svelte.ts';
import { KeptList, type KeptListOf } from '../kept-list.svelte.ts';

type Line = Pick<Host, 'call' | 'on' | 'keepLoaded'>;

const keptEvaluations: KeptListOf<EvaluationSummary> = {
  read: async (host) => (await host.call(evaluateList, {})).evaluations,
  idOf: ({ evaluation }) => evaluation,
  order: (a, b) => b.createdMs - a.createdMs,
  watch: (host, { changed, removed }) => [
    host.on(evaluationChanged, ({ evaluation }) => changed(evaluation)),
    host.on(evaluationRemoved, ({ evaluation }) => removed(evaluation)),
  ],
};

const keptSystems: KeptListOf<ExternalSystem> = {
  read: async (host) => (await host.call(systemsList, {})).systems,
  idOf: ({ system }) => system,
  order: (a, b) => a.name.localeCompare(b.name),
  watch: (host, { changed, removed }) => [
    host.on(systemChanged, ({ system }) => changed(system)),
    host.on(systemRemoved, ({ system }) => removed(system)),
  ],
};

const keptMetrics: KeptListOf<MetricFacts> = {
  read: async (host) => (await host.call(metricsList, {})).metrics,
  idOf: ({ key }) => key,
  // In the order in which they are shown.
  order: () => 0,
  watch: () => [],
};

/** Every evaluation, the newest first, with what metrics and external systems there are; kept as the host has them. */
export class Evaluations {
  readonly #host: Line;
  readonly #evaluations: KeptList<EvaluationSummary>;
  readonly #systems: KeptList<ExternalSystem>;
  readonly #metrics: KeptList<MetricFacts>;

  constructor(host: Line) {
    this.#host = host;
    this.#evaluations = new KeptList(host, keptEvaluations);
    this.#systems = new KeptList(host, keptSystems);
    this.#metrics = new KeptList(host, keptMetrics);
  }

  get list(): readonly EvaluationSummary[] {
    return this.#evaluations.list;
  }

  get systems(): readonly ExternalSystem[] {
    return this.#systems.list;
  }

  /** In the order in which they are shown. */
  get metrics(): readonly MetricFacts[] {
    return this.#metrics.list;
  }

  get loaded(): boolean {
    return this.#all.every(({ loaded }) => loaded);
  }

  get error(): unknown {
    return this.#all.find(({ error }) => error !== null)?.error ?? null;
  }

  /** Those that judge a run, its ceiling included. */
  ofRun(run: string): EvaluationSummary[] {
    return this.list.filter(
      ({ system }) =>
        (system.kind === 'run' && system.run === run) ||
        (system.kind === 'baseline' && system.baseline.startsWith(`ceiling:${run}`)),
    );
  }

  async load(): Promise<void> {
    await Promise.all(this.#all.map((kept) => kept.load()));
  }

  /** @throws ResynthError what the host says; so does `restore`. */
  async delete(evaluation: string): Promise<void> {
    await this.#host.call(evaluateDelete, { evaluation });
  }

  async restore(evaluation: string): Promise<void> {
    await this.#host.call(evaluateRestore, { evaluation });
  }

  close(): void {
    for (const kept of this.#all) kept.close();
  }

  get #all(): readonly Pick<KeptList<unknown>, 'loaded' | 'error' | 'load' | 'close'>[] {
    return [this.#evaluations, this.#systems, this.#metrics];
  }
}
