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
import { isCancelled } from '../shown-error.ts';

type Line = Pick<Host, 'call' | 'on' | 'keepLoaded'>;

/** Every evaluation, the newest first, with what metrics and external systems there are; kept as the host has them. */
export class Evaluations {
  readonly #host: Line;
  #list = $state.raw<readonly EvaluationSummary[]>([]);
  #systems = $state.raw<readonly ExternalSystem[]>([]);
  #metrics = $state.raw<readonly MetricFacts[]>([]);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);
  readonly #stops: (() => void)[];

  constructor(host: Line) {
    this.#host = host;
    this.#stops = [
      host.on(evaluationChanged, ({ evaluation }) => this.#put(evaluation)),
      host.on(evaluationRemoved, ({ evaluation }) => {
        this.#list = this.#list.filter((one) => one.evaluation !== evaluation);
      }),
      host.on(systemChanged, ({ system }) => {
        const others = this.#systems.filter((one) => one.system !== system.system);
        this.#systems = [...others, system].sort((a, b) => a.name.localeCompare(b.name));
      }),
      host.on(systemRemoved, ({ system }) => {
        this.#systems = this.#systems.filter((one) => one.system !== system);
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  get list(): readonly EvaluationSummary[] {
    return this.#list;
  }

  get systems(): readonly ExternalSystem[] {
    return this.#systems;
  }

  /** In the order in which they are shown. */
  get metrics(): readonly MetricFacts[] {
    return this.#metrics;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Those that judge a run, its ceiling included. */
  ofRun(run: string): EvaluationSummary[] {
    return this.#list.filter(
      ({ system }) =>
        (system.kind === 'run' && system.run === run) ||
        (system.kind === 'baseline' && system.baseline.startsWith(`ceiling:${run}`)),
    );
  }

  async load(): Promise<void> {
    try {
      const [{ evaluations }, { systems }, { metrics }] = await Promise.all([
        this.#host.call(evaluateList, {}),
        this.#host.call(systemsList, {}),
        this.#host.call(metricsList, {}),
      ]);
      this.#list = evaluations;
      this.#systems = systems;
      this.#metrics = metrics;
      this.#error = null;
      this.#loaded = true;
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    }
  }

  /** @throws ResynthError what the host says; so does `restore`. */
  async delete(evaluation: string): Promise<void> {
    await this.#host.call(evaluateDelete, { evaluation });
  }

  async restore(evaluation: string): Promise<void> {
    await this.#host.call(evaluateRestore, { evaluation });
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #put(evaluation: EvaluationSummary): void {
    const others = this.#list.filter((one) => one.evaluation !== evaluation.evaluation);
    this.#list = [evaluation, ...others].sort((a, b) => b.createdMs - a.createdMs);
  }
}
