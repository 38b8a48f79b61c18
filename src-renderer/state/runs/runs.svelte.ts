import { type RunSummary, runsList } from '../../../src-preload/contract/commands/runs.ts';
import { runChanged, runProgressed, runRemoved } from '../../../src-preload/contract/events/runs.ts';
import type { z } from 'zod';
import type { Host } from '../../host.svelte.ts';

export type DamagedRun = z.output<typeof runsList.output>['damaged'][number];

/** Every run, newest first, with live numbers where one trains: whoever started it. */
export class Runs {
  readonly #host: Host;
  #byId = $state.raw<ReadonlyMap<string, RunSummary>>(new Map());
  #damaged = $state.raw<readonly DamagedRun[]>([]);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);

  constructor(host: Host) {
    this.#host = host;
    host.on(runChanged, ({ run }) => this.put(run));
    host.on(runRemoved, ({ run }) => {
      const left = new Map(this.#byId);
      left.delete(run);
      this.#byId = left;
    });
    host.on(runProgressed, ({ run: id, progress }) => {
      const run = this.#byId.get(id);
      if (run) this.put({ ...run, step: progress.step, epoch: progress.epoch, progress });
    });
    host.keepLoaded(() => this.load());
  }

  readonly #list = $derived([...this.#byId.values()].sort((a, b) => b.createdMs - a.createdMs));

  get list(): readonly RunSummary[] {
    return this.#list;
  }

  /** Runs whose own records cannot be read. */
  get damaged(): readonly DamagedRun[] {
    return this.#damaged;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  get(id: string): RunSummary | undefined {
    return this.#byId.get(id);
  }

  put(run: RunSummary): void {
    this.#byId = new Map(this.#byId).set(run.run, run);
  }

  async load(): Promise<void> {
    try {
      const { runs, damaged } = await this.#host.call(runsList, {});
      this.#byId = new Map(runs.map((run) => [run.run, run]));
      this.#damaged = damaged;
      this.#error = null;
      this.#loaded = true;
    } catch (error) {
      this.#error = error;
    }
  }
}
