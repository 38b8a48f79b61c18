import { corpusMake } from '../../src-preload/contract/commands/corpus.ts';
import type { Host } from '../host.svelte.ts';
import { Act } from './act.svelte.ts';

/** The sample corpus in one click: made, then added. Goes on when the screen that began it is left. */
export class SampleCorpus {
  readonly #host: Host;
  readonly act = new Act();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Gives the id of its dataset; undefined where it failed or was cancelled (`act.error`). */
  make(): Promise<string | undefined> {
    return this.act.run(async () => {
      // One job of the host: a page that is closed or reloaded meanwhile does not leave it half done.
      const { dataset } = await this.#host.call(corpusMake, { add: true });
      return dataset ?? undefined;
    });
  }
}
