import type { z } from 'zod';
import { type modelListing, modelsCommand } from '../../../src-preload/contract/commands/models.ts';
import type { Host } from '../../host.svelte.ts';

export type ModelListing = z.output<typeof modelListing>;

/** Every preset there is. */
export class Presets {
  readonly #host: Pick<Host, 'call' | 'keepLoaded'>;
  #list = $state.raw<readonly ModelListing[]>([]);
  #error = $state.raw<unknown>(null);
  readonly #stop: () => void;

  constructor(host: Pick<Host, 'call' | 'keepLoaded'>) {
    this.#host = host;
    this.#stop = host.keepLoaded(() => this.load());
  }

  get list(): readonly ModelListing[] {
    return this.#list;
  }

  get error(): unknown {
    return this.#error;
  }

  async load(): Promise<void> {
    try {
      const { models } = await this.#host.call(modelsCommand, {});
      this.#list = models;
      this.#error = null;
    } catch (error) {
      this.#error = error;
    }
  }

  close(): void {
    this.#stop();
  }
}
