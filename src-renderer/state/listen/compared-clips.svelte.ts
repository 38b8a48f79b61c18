import { Deck } from '../../audio/deck.svelte.ts';
import type { DeckSource } from '../../audio/deck-track.svelte.ts';
import type { App } from '../app.svelte.ts';
import { joinClips, type Walk } from './walk.ts';
import type { TrackSound } from '../../audio/track-sound.ts';

/** Sounds that can be compared at most: as many as there are keys. */
const mostCompared = 9;

/**
 * The sounds of the page on its one deck: those that were kept for comparing, first of all, and the one that was pressed
 * last. The first is the reference that the others are put in time and level with.
 */
export class ComparedClips {
  readonly deck: Deck;
  readonly #app: Pick<App, 'host' | 'player'>;
  readonly #key: string;
  #kept = $state.raw<readonly DeckSource[]>([]);
  #current = $state.raw<DeckSource | null>(null);
  #walk = $state.raw<(Walk & { key: string }) | null>(null);

  /** `key` names them on the window's one player. */
  constructor(app: Pick<App, 'host' | 'player'>, key: string) {
    this.#app = app;
    this.#key = key;
    this.deck = new Deck(app.host, app.player);
  }

  get sources(): readonly DeckSource[] {
    const current = this.#current;
    if (!current || this.keeps(current.id)) return this.#kept;
    return [...this.#kept, current];
  }

  get room(): boolean {
    return this.#kept.length < mostCompared;
  }

  keeps(id: string): boolean {
    return this.#kept.some((one) => one.id === id);
  }

  hears(id: string): boolean {
    const { deck } = this;
    return deck.mine && deck.wanted?.id === id && !deck.hearsResidual;
  }

  /** Plays a sound; the one that sounds pauses. */
  toggle(source: DeckSource): void {
    if (this.hears(source.id)) {
      this.deck.toggle();
      return;
    }
    if (!this.keeps(source.id)) this.#current = source;
    this.#show();
    void this.deck.play(source.id, 0);
  }

  /** Keeps a sound beside others, or lets go of it. */
  toggleKept(source: DeckSource): void {
    if (this.keeps(source.id)) {
      this.#kept = this.#kept.filter(({ id }) => id !== source.id);
      // It goes on being heard, as the one that was pressed last.
      if (this.hears(source.id)) this.#current = source;
    } else if (this.room) this.#kept = [...this.#kept, source];
    this.#show();
  }

  /** Lets go of all whose id begins so: they were deleted. */
  forget(beginning: string): void {
    this.#kept = this.#kept.filter(({ id }) => !id.startsWith(beginning));
    if (this.#current?.id.startsWith(beginning)) this.#current = null;
    this.#show();
  }

  /** Plays clips one after the other as one sound, each fading into the next. */
  async walk(key: string, load: () => Promise<readonly TrackSound[]>): Promise<void> {
    const { player } = this.#app;
    if (this.#walk?.key === key && player.key === key) {
      player.toggle();
      return;
    }
    const walk = joinClips(await load());
    this.#walk = { ...walk, key };
    player.load(key, walk.sound, { onended: () => undefined });
    player.play();
  }

  /** Which step of a walk sounds now; -1 where it does not play. */
  stepOf(key: string): number {
    const { player } = this.#app;
    const walk = this.#walk;
    if (walk?.key !== key || player.key !== key) return -1;
    return walk.beginsSec.findLastIndex((sec) => sec <= player.positionSec + 1e-6);
  }

  walks(key: string): boolean {
    return this.#app.player.key === key && this.#app.player.playing;
  }

  close(): void {
    if (this.#walk) this.#app.player.unload(this.#walk.key);
    this.deck.close();
  }

  #show(): void {
    if (this.sources.length === 0) this.deck.close();
    else this.deck.show(this.#key, this.sources);
  }
}
