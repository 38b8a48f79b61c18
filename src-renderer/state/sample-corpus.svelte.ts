import { corpusMake } from '../../src-preload/contract/commands/corpus.ts';
import { datasetsAdd } from '../../src-preload/contract/commands/datasets.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Host } from '../host.svelte.ts';
import { Act } from './act.svelte.ts';
import type { Datasets } from './datasets.svelte.ts';

/** The sample corpus in one click: made, then added. Goes on when the screen that began it is left. */
export class SampleCorpus {
  readonly #host: Host;
  readonly #datasets: Datasets;
  readonly act = new Act();

  constructor(host: Host, datasets: Datasets) {
    this.#host = host;
    this.#datasets = datasets;
  }

  /** Gives the id of its dataset; undefined where it failed or was cancelled (`act.error`). */
  make(): Promise<string | undefined> {
    return this.act.run(async () => {
      const { folder } = await this.#host.call(corpusMake, {});
      try {
        const {
          warnings: _warnings,
          skipped: _skipped,
          ...dataset
        } = await this.#host.call(datasetsAdd, {
          dir: folder,
          name: 'sample-corpus',
        });
        this.#datasets.put(dataset);
        return dataset.id;
      } catch (error) {
        const there = this.#datasets.list.find((dataset) => dataset.folder === folder);
        if (there && error instanceof ResynthError && error.code === 'dataset/already-added') return there.id;
        throw error;
      }
    });
  }
}
