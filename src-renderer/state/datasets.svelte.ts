import type { z } from 'zod';
import {
  type datasetSummarySchema,
  datasetsList,
  datasetsShow,
} from '../../src-preload/contract/commands/datasets.ts';
import { datasetChanged, datasetRemoved } from '../../src-preload/contract/events/datasets.ts';
import { messageOf } from '../../src-preload/contract/errors/error.ts';
import type { Host } from '../host.svelte.ts';

export type DatasetSummary = z.output<typeof datasetSummarySchema>;
export type DamagedDataset = z.output<typeof datasetsList.output>['damaged'][number];

/** Every dataset, in the order of their names, kept as the host has them. */
export class Datasets {
  readonly #host: Host;
  #byId = $state.raw<ReadonlyMap<string, DatasetSummary>>(new Map());
  #damaged = $state.raw<readonly DamagedDataset[]>([]);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);

  constructor(host: Host) {
    this.#host = host;
    host.on(datasetChanged, ({ dataset }) => this.put(dataset));
    host.on(datasetRemoved, ({ id }) => {
      const left = new Map(this.#byId);
      left.delete(id);
      this.#byId = left;
    });
    host.keepLoaded(() => this.load());
  }

  readonly #list = $derived([...this.#byId.values()].sort((a, b) => a.name.localeCompare(b.name)));

  get list(): readonly DatasetSummary[] {
    return this.#list;
  }

  /** Those whose own records cannot be read. */
  get damaged(): readonly DamagedDataset[] {
    return this.#damaged;
  }

  /** Whether the host has told them: an empty list before that means nothing. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Why they could not be read. */
  get error(): unknown {
    return this.#error;
  }

  get(id: string): DatasetSummary | undefined {
    return this.#byId.get(id);
  }

  /** Takes a summary that a command gave back, which may be here before the event. */
  put(dataset: DatasetSummary): void {
    this.#byId = new Map(this.#byId).set(dataset.id, dataset);
  }

  async load(): Promise<void> {
    try {
      const { datasets, damaged } = await this.#host.call(datasetsList, {});
      const shown = await Promise.allSettled(
        datasets.map(({ id }) => this.#host.call(datasetsShow, { dataset: id, limit: 0 })),
      );
      const summaries = new Map<string, DatasetSummary>();
      const unreadable: DamagedDataset[] = [...damaged];
      shown.forEach((outcome, index) => {
        const line = datasets[index];
        if (!line) return;
        if (outcome.status === 'fulfilled') {
          const { warnings: _warnings, skipped: _skipped, ...summary } = outcome.value;
          summaries.set(line.id, summary);
        } else unreadable.push({ id: line.id, message: messageOf(outcome.reason), remedy: '' });
      });
      this.#byId = summaries;
      this.#damaged = unreadable;
      this.#error = null;
      this.#loaded = true;
    } catch (error) {
      this.#error = error;
    }
  }
}
