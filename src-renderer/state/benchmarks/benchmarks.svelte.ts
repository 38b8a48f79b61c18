import { benchmarksList, type BenchmarkSummary } from '../../../src-preload/contract/commands/benchmark.ts';
import { benchmarkChanged, benchmarkRemoved } from '../../../src-preload/contract/events/benchmarks.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../shown-error.ts';

/** Every benchmark that is kept, the newest first; as the host has them. */
export class Benchmarks {
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  #list = $state.raw<readonly BenchmarkSummary[]>([]);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);
  readonly #stops: (() => void)[];

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>) {
    this.#host = host;
    this.#stops = [
      host.on(benchmarkChanged, ({ benchmark }) => {
        const others = this.#list.filter((one) => one.benchmark !== benchmark.benchmark);
        this.#list = [...others, benchmark].sort((a, b) => b.createdMs - a.createdMs);
      }),
      host.on(benchmarkRemoved, ({ benchmark }) => {
        this.#list = this.#list.filter((one) => one.benchmark !== benchmark);
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  get list(): readonly BenchmarkSummary[] {
    return this.#list;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  async load(): Promise<void> {
    try {
      this.#list = (await this.#host.call(benchmarksList, {})).benchmarks;
      this.#error = null;
      this.#loaded = true;
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    }
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }
}
