import type { Host } from '../host.svelte.ts';
import { isCancelled } from './shown-error.ts';

type Line = Pick<Host, 'call' | 'on' | 'keepLoaded'>;

/** How a list that the host keeps is read, and how it hears of what changes. */
export interface KeptListOf<Item> {
  read(host: Line): Promise<readonly Item[]>;
  idOf(item: Item): string;
  /** Before which of two an item stands: as `sort` takes it. */
  order(a: Item, b: Item): number;
  /** Tells of items that are new or have changed, and of ids that are gone; returns what ends it. */
  watch(host: Line, tell: { changed(item: Item): void; removed(id: string): void }): readonly (() => void)[];
}

/** A list as the host has it: read once a line to it is there, and kept up with what the host tells. */
export class KeptList<Item> {
  readonly #host: Line;
  readonly #of: KeptListOf<Item>;
  #list = $state.raw<readonly Item[]>([]);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);
  readonly #stops: readonly (() => void)[];

  constructor(host: Line, of: KeptListOf<Item>) {
    this.#host = host;
    this.#of = of;
    const without = (id: string): Item[] => this.#list.filter((one) => of.idOf(one) !== id);
    this.#stops = [
      ...of.watch(host, {
        changed: (item) => (this.#list = [item, ...without(of.idOf(item))].sort((a, b) => of.order(a, b))),
        removed: (id) => (this.#list = without(id)),
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  get list(): readonly Item[] {
    return this.#list;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  async load(): Promise<void> {
    try {
      this.#list = await this.#of.read(this.#host);
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
