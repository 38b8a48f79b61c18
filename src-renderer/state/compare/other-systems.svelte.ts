import { evaluateBaselines } from '../../../src-preload/contract/commands/evaluate.ts';
import { type ExternalSystem, systemsList } from '../../../src-preload/contract/commands/systems.ts';
import type { OtherSystem } from '../../../src-preload/contract/comparison/other-systems.ts';
import { systemChanged, systemRemoved } from '../../../src-preload/contract/events/evaluations.ts';
import type { z } from 'zod';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../shown-error.ts';

export type BaselineFacts = z.output<typeof evaluateBaselines.output>['baselines'][number];

/** The external systems and baselines that may stand beside runs. */
export class OtherSystems {
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  #external = $state.raw<readonly ExternalSystem[]>([]);
  #baselines = $state.raw<readonly BaselineFacts[]>([]);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);
  readonly #stops: (() => void)[];

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>) {
    this.#host = host;
    this.#stops = [
      host.on(systemChanged, () => void this.load()),
      host.on(systemRemoved, () => void this.load()),
      host.keepLoaded(() => this.load()),
    ];
  }

  get external(): readonly ExternalSystem[] {
    return this.#external;
  }

  get baselines(): readonly BaselineFacts[] {
    return this.#baselines;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  /** What it is called: the name of a folder of sounds, or the baseline with its settings. */
  title({ kind, system }: OtherSystem): string {
    if (kind === 'baseline') return system;
    const found = this.#external.find((one) => one.system === system);
    return found?.name ?? (this.#loaded ? 'Forgotten folder of sounds' : 'Folder of sounds');
  }

  async load(): Promise<void> {
    try {
      const [{ systems }, { baselines }] = await Promise.all([
        this.#host.call(systemsList, {}),
        this.#host.call(evaluateBaselines, {}),
      ]);
      this.#external = systems;
      this.#baselines = baselines;
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
