import {
  type LatentComponents,
  latentComponents,
} from '../../../../src-preload/contract/commands/components.ts';
import {
  generateComponents,
  generatedClip,
  type GeneratedSet,
} from '../../../../src-preload/contract/commands/generate.ts';
import type { App } from '../../../state/app.svelte.ts';
import { AskedWork } from '../../../state/asked-work.svelte.ts';
import { isCancelled } from '../../../state/shown-error.ts';

/** What the components of a run's prior stand for, and the sound of each. */
export class ComponentsPage {
  readonly run: string;
  /** What `found` is asked by. */
  readonly work = new AskedWork();
  readonly #app: Pick<App, 'host' | 'player'>;
  choice = $state(latentComponents.input.omit({ run: true, out: true }).parse({}));
  /** What `found` was asked with. */
  #made = $state.raw('');
  #found = $state.raw<LatentComponents | null>(null);
  #error = $state.raw<unknown>(null);
  /** The component whose sound is on its way. */
  #fetching = $state.raw<number | null>(null);
  /** The clip of each component's mean, of one step. */
  #means: { step: number; set: GeneratedSet } | null = null;
  readonly #end = new AbortController();

  constructor(app: Pick<App, 'host' | 'player'>, run: string) {
    this.#app = app;
    this.run = run;
  }

  get found(): LatentComponents | null {
    return this.#found;
  }

  get error(): unknown {
    return this.#error ?? this.work.error;
  }

  /** Whether the choice is another one than what is shown was asked with. */
  get changed(): boolean {
    return this.#made !== JSON.stringify(this.choice);
  }

  get fetching(): number | null {
    return this.#fetching;
  }

  hears(component: number): boolean {
    const { player } = this.#app;
    return player.playing && player.key === this.#keyOf(component);
  }

  async compute(): Promise<void> {
    this.#error = null;
    const asked = $state.snapshot(this.choice);
    await this.work.run(async (options) => {
      this.#found = await this.#app.host.call(latentComponents, { ...asked, run: this.run }, options);
      this.#made = JSON.stringify(asked);
    });
  }

  /** Plays the mean of a component, or stops it. The means of all are made at once, and kept with the run's generated clips. */
  async hear(component: number): Promise<void> {
    const { host, player } = this.#app;
    const step = this.#found?.model.step;
    if (step === undefined || this.#fetching !== null) return;
    const key = this.#keyOf(component);
    if (player.key === key) {
      player.toggle();
      return;
    }
    this.#fetching = component;
    try {
      const { signal } = this.#end;
      if (this.#means?.step !== step) {
        const input = { run: this.run, checkpoint: step, of: [], n: 1, scale: 0 };
        const { set } = await host.call(generateComponents, input, { signal });
        this.#means = { step, set };
      }
      const { set } = this.#means;
      const clip = component - 1;
      const { sound } = await host.call(generatedClip, { run: this.run, set: set.id, clip }, { signal });
      if (!sound) return;
      player.load(key, sound);
      player.play();
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    } finally {
      this.#fetching = null;
    }
  }

  close(): void {
    this.work.cancel();
    this.#end.abort();
    const { player } = this.#app;
    if (player.key?.startsWith(this.#prefix)) player.unload(player.key);
  }

  get #prefix(): string {
    return `component ${this.run} `;
  }

  #keyOf(component: number): string {
    return `${this.#prefix}${this.#found?.model.step ?? ''} ${component}`;
  }
}
