import type { z } from 'zod';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { trainEstimate } from '../../../src-preload/contract/commands/train-form.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../../state/shown-error.ts';

export type ShownEstimate = z.output<typeof trainEstimate.output>;
type Wanted = Pick<z.input<typeof trainEstimate.input>, 'dataset' | 'preset' | 'set'>;

/** What a step costs on this machine: measured when it is asked for, by compiling the model and running a few steps. */
export class Estimate {
  readonly #host: Pick<Host, 'call'>;
  #shown = $state.raw<ShownEstimate | null>(null);
  #of = $state('');
  #error = $state.raw<unknown>(null);
  #progress = $state.raw<ProgressEvent | null>(null);
  #asked = $state.raw<AbortController | null>(null);

  constructor(host: Pick<Host, 'call'>) {
    this.#host = host;
  }

  get shown(): ShownEstimate | null {
    return this.#shown;
  }

  get error(): unknown {
    return this.#error;
  }

  get busy(): boolean {
    return this.#asked !== null;
  }

  /** What it is doing, while it measures. */
  get stage(): string {
    return this.#progress?.stage ?? 'Compiling the model';
  }

  /** Whether what is shown was measured with other settings. */
  isStale(wanted: Wanted): boolean {
    return this.#shown !== null && this.#of !== JSON.stringify(wanted);
  }

  async measure(wanted: Wanted): Promise<void> {
    this.cancel();
    const asked = new AbortController();
    this.#asked = asked;
    this.#error = null;
    this.#progress = null;
    try {
      const shown = await this.#host.call(trainEstimate, wanted, {
        signal: asked.signal,
        progress: (event) => {
          if (this.#asked === asked) this.#progress = event;
        },
      });
      if (this.#asked !== asked) return;
      this.#shown = shown;
      this.#of = JSON.stringify(wanted);
    } catch (error) {
      if (this.#asked === asked && !isCancelled(error)) this.#error = error;
    } finally {
      if (this.#asked === asked) this.#asked = null;
    }
  }

  cancel(): void {
    this.#asked?.abort();
    this.#asked = null;
  }
}
