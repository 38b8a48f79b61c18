import { type Evaluation, evaluateShow } from '../../../src-preload/contract/commands/evaluate.ts';
import { evaluationChanged } from '../../../src-preload/contract/events/evaluations.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../shown-error.ts';

/** While it goes on, rows and intervals are read again at most so often. */
const againMs = 2500;

/** One evaluation with its rows, read again as it goes on. */
export class EvaluationRows {
  readonly id: string;
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  readonly #stops: (() => void)[];
  #shown = $state.raw<Evaluation | null>(null);
  #error = $state.raw<unknown>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loads = 0;
  #closed = false;

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>, id: string) {
    this.#host = host;
    this.id = id;
    this.#stops = [
      host.on(evaluationChanged, ({ evaluation }) => {
        if (evaluation.evaluation !== id) return;
        if (this.#shown) this.#shown = { ...this.#shown, ...evaluation };
        if (evaluation.state === 'running') this.#soon();
        else void this.load();
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  /** Null before it was read. */
  get shown(): Evaluation | null {
    return this.#shown;
  }

  get error(): unknown {
    return this.#error;
  }

  async load(): Promise<void> {
    const load = ++this.#loads;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const shown = await this.#host.call(evaluateShow, { evaluation: this.id });
      if (load !== this.#loads || this.#closed) return;
      this.#shown = shown;
      this.#error = null;
    } catch (error) {
      if (load === this.#loads && !isCancelled(error)) this.#error = error;
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.load(), againMs);
  }
}
