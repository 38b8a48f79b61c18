import { isCancelled } from '../shown-error.ts';

/** An answer as it is known: on its way, here, or refused. */
export type Known<Answer> =
  { state: 'loading' } | ({ state: 'ready' } & Answer) | { state: 'failed'; error: unknown };

/** A question that is to be asked. */
export interface Wish<Answer> {
  key: string;
  ask(): Promise<Answer>;
}

/** Asked for at once: the host makes them one after another anyway, and the newest wish should not wait for old ones. */
const atOnce = 3;

/**
 * Answers by key, each asked for once, a few at a time. The oldest are forgotten beyond `kept`, but for those that `keep`
 * names: they belong on every screen.
 */
export class ClipAnswers<Answer extends object> {
  readonly #kept: number;
  readonly #keep: (key: string) => boolean;
  /** Told when something has come, or was refused. */
  readonly #came: () => void;
  #known = $state.raw<ReadonlyMap<string, Known<Answer>>>(new Map());
  #wishes: Wish<Answer>[] = [];
  #asking = 0;
  #closed = false;

  constructor(kept: number, keep: (key: string) => boolean, came: () => void) {
    this.#kept = kept;
    this.#keep = keep;
    this.#came = came;
  }

  get(key: string): Known<Answer> {
    return this.#known.get(key) ?? { state: 'loading' };
  }

  /** Whether an answer is here, be it a refusal. */
  settled(key: string): boolean {
    return this.get(key).state !== 'loading';
  }

  /** Asks for what is not here yet, in this order, after what was wished before. */
  wish(wishes: readonly Wish<Answer>[]): void {
    for (const wish of wishes) {
      if (this.#known.has(wish.key) || this.#wishes.some(({ key }) => key === wish.key)) continue;
      this.#wishes.push(wish);
    }
    this.#ask();
  }

  /** Asks again for what was refused. */
  retry(wish: Wish<Answer>): void {
    if (this.#known.get(wish.key)?.state !== 'failed') return;
    const left = new Map(this.#known);
    left.delete(wish.key);
    this.#known = left;
    this.wish([wish]);
  }

  /** Forgets what was wished and not asked for yet. */
  drop(): void {
    this.#wishes = [];
  }

  close(): void {
    this.#closed = true;
    this.#wishes = [];
  }

  #ask(): void {
    while (!this.#closed && this.#asking < atOnce) {
      const wish = this.#wishes.shift();
      if (!wish) return;
      this.#asking++;
      this.#put(wish.key, { state: 'loading' });
      void this.#fetch(wish).finally(() => {
        this.#asking--;
        if (this.#closed) return;
        this.#came();
        this.#ask();
      });
    }
  }

  async #fetch({ key, ask }: Wish<Answer>): Promise<void> {
    try {
      this.#put(key, { state: 'ready', ...(await ask()) });
    } catch (error) {
      if (!isCancelled(error)) this.#put(key, { state: 'failed', error });
    }
  }

  #put(key: string, known: Known<Answer>): void {
    const next = new Map(this.#known);
    next.delete(key);
    next.set(key, known);
    for (const old of next.keys()) {
      if (next.size <= this.#kept) break;
      if (next.get(old)?.state === 'ready' && !this.#keep(old)) next.delete(old);
    }
    this.#known = next;
  }
}
