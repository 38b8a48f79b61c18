import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { Act } from './act.svelte.ts';

/** What a command is called with so that it can be followed and ended. */
export interface CallOptions {
  signal: AbortSignal;
  progress(event: ProgressEvent): void;
}

/** An act that takes its time: with the host's progress, and cancelled by who asked for it. */
export class AskedWork {
  readonly #act = new Act();
  #progress = $state.raw<ProgressEvent | null>(null);
  #end: AbortController | null = null;

  get busy(): boolean {
    return this.#act.busy;
  }

  get progress(): ProgressEvent | null {
    return this.#progress;
  }

  get error(): unknown {
    return this.#act.error;
  }

  /** Does it, unless it is being done. Undefined where it failed, was cancelled or was not begun. */
  async run<Value>(work: (options: CallOptions) => Promise<Value>): Promise<Value | undefined> {
    const end = new AbortController();
    return this.#act.run(async () => {
      this.#end = end;
      try {
        return await work({ signal: end.signal, progress: (event) => (this.#progress = event) });
      } finally {
        this.#progress = null;
      }
    });
  }

  cancel(): void {
    this.#end?.abort();
  }
}
