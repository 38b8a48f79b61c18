import type { z } from 'zod';
import {
  type BenchmarkRow,
  benchmarksSave,
  benchmarksShow,
  type BenchmarkTable,
} from '../../../src-preload/contract/commands/benchmark.ts';
import type { EvaluationSummary } from '../../../src-preload/contract/commands/evaluate.ts';
import { judgedRunText } from '../../../src-preload/contract/comparison/judged-runs.ts';
import { benchmarkChanged } from '../../../src-preload/contract/events/benchmarks.ts';
import { evaluationChanged, evaluationRemoved } from '../../../src-preload/contract/events/evaluations.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../shown-error.ts';
import { saveInput } from './save-input.ts';

type Changes = Partial<z.input<typeof benchmarksSave.input>>;

/** One benchmark, read again when its systems or the evaluations behind it change. */
export class Benchmark {
  readonly id: string;
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  readonly #stops: (() => void)[];
  #table = $state.raw<BenchmarkTable | null>(null);
  #error = $state.raw<unknown>(null);
  /** It is read again while the last table is still shown. */
  #reading = $state(false);
  /** How evaluations stood when the table was last read because of them. */
  readonly #told = new Map<string, string>();
  #loads = 0;
  #closed = false;

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>, id: string) {
    this.#host = host;
    this.id = id;
    this.#stops = [
      host.on(benchmarkChanged, ({ benchmark }) => {
        if (benchmark.benchmark === id) void this.load();
      }),
      host.on(evaluationChanged, ({ evaluation }) => this.#follow(evaluation)),
      host.on(evaluationRemoved, ({ evaluation }) => {
        if (this.#table?.rows.some((row) => row.evaluation === evaluation)) void this.load();
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  /** Null before it was read. */
  get table(): BenchmarkTable | null {
    return this.#table;
  }

  get error(): unknown {
    return this.#error;
  }

  get reading(): boolean {
    return this.#reading;
  }

  async load(): Promise<void> {
    const load = ++this.#loads;
    this.#reading = true;
    try {
      const table = await this.#host.call(benchmarksShow, { benchmark: this.id });
      if (load !== this.#loads || this.#closed) return;
      this.#table = table;
      this.#error = null;
    } catch (error) {
      if (load === this.#loads && !isCancelled(error)) this.#error = error;
    } finally {
      if (load === this.#loads) this.#reading = false;
    }
  }

  /** Keeps it otherwise than it is; the table follows. @throws ResynthError what the host says. */
  async change(changes: Changes): Promise<void> {
    const table = this.#table;
    if (!table) return;
    const { name } = table;
    await this.#host.call(benchmarksSave, {
      ...saveInput({ ...table, benchmark: this.id, name: name ?? '' }),
      ...changes,
    });
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops) stop();
  }

  /** How far one has got is told with every event; means and intervals are read once it has begun and once it is over. */
  #follow(evaluation: EvaluationSummary): void {
    const table = this.#table;
    const row = table?.rows.find((one) => isOf(one, evaluation));
    if (!table || !row) return;
    const { evaluation: id, state, done, failed, speed } = evaluation;
    if (row.evaluation === id && row.state === 'running' && state === 'running') {
      const rows = table.rows.map((one) => (one === row ? { ...one, done, failed } : one));
      this.#table = { ...table, rows };
      return;
    }
    const stands = `${state} ${speed?.measuredMs ?? ''}`;
    if (this.#told.get(id) === stands) return;
    this.#told.set(id, stands);
    void this.load();
  }
}

/** Whether an evaluation may be the one behind a row; what it judged is found out when the table is read. */
function isOf(row: BenchmarkRow, { evaluation, system }: EvaluationSummary): boolean {
  if (row.evaluation !== null) return row.evaluation === evaluation;
  if (row.run && system.kind === 'run') {
    const { run, step, latent = 'mean', feedback = 'recording' } = system;
    return row.system === judgedRunText({ run, step, latent, feedback });
  }
  return row.kind === system.kind && row.title === system.name;
}
