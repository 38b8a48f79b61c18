import type { DeckSource } from '../../audio/deck-track.svelte.ts';
import { Deck } from '../../audio/deck.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import { formatCount } from '../../state/format.ts';
import type { ClipKind, RunClip, RunClips } from '../../state/runs/runs-clips.svelte.ts';

const titles: Readonly<Record<ClipKind, string>> = {
  original: 'Original',
  ceiling: 'Ceiling',
  reconstruction: 'Reconstruction',
};

const details: Readonly<Record<ClipKind, string>> = {
  original: 'The recording as it is fed to the model',
  ceiling: 'Preprocessed and inverted without a model: the best that could come back',
  reconstruction: 'What the model made of it',
};

/** The one deck of a run's page: the versions of the clip that was last chosen, at the step that is shown. */
export class ClipDeck {
  readonly deck: Deck;
  readonly #clips: RunClips;
  #index = $state(0);

  constructor(app: Pick<App, 'host' | 'player'>, clips: RunClips) {
    this.deck = new Deck(app.host, app.player);
    this.#clips = clips;
  }

  /** The clip that is on the deck. */
  get clip(): RunClip | null {
    return this.#clips.clips.find(({ index }) => index === this.#index) ?? this.#clips.clips[0] ?? null;
  }

  /** For an effect: puts on the deck what is shown. A step that changes while it plays takes over without a break. */
  follow(): void {
    const { clip } = this;
    if (!clip) return;
    const step = this.#clips.shown?.step ?? null;
    const kinds: ClipKind[] =
      step === null ? ['original', 'ceiling'] : ['original', 'ceiling', 'reconstruction'];
    this.deck.show(
      `run ${this.#clips.run} clip ${clip.index}`,
      kinds.map((kind) => this.#source(clip, kind, kind === 'reconstruction' ? step : null)),
    );
  }

  /** Whether this version is what is heard, or will be. */
  hears(clip: RunClip, kind: ClipKind): boolean {
    const { deck } = this;
    return this.clip?.index === clip.index && deck.mine && deck.wanted?.slot === kind && !deck.hearsResidual;
  }

  /** Plays a version of a clip; another version of the one that sounds goes on at its place; the one that sounds pauses. */
  toggle(clip: RunClip, kind: ClipKind): void {
    const { deck } = this;
    if (this.hears(clip, kind)) {
      deck.toggle();
      return;
    }
    this.#index = clip.index;
    this.follow();
    const track = deck.tracks.find(({ slot }) => slot === kind);
    if (track) void deck.play(track.id);
  }

  /** Puts a clip on the deck and makes a version of it the one that is heard next. */
  choose(clip: RunClip, kind: ClipKind): void {
    this.#index = clip.index;
    this.follow();
    const track = this.deck.tracks.find(({ slot }) => slot === kind);
    if (track) this.deck.choose(track.id);
  }

  close(): void {
    this.deck.close();
  }

  #source(clip: RunClip, kind: ClipKind, step: number | null): DeckSource {
    const at = step === null ? '' : ` at step ${formatCount(step)}`;
    return {
      id: `run ${this.#clips.run} clip ${clip.index} ${kind}${at}`,
      slot: kind,
      title: titles[kind],
      detail: `${details[kind]}${at}`,
      load: () => this.#clips.sound(clip.index, kind, step),
    };
  }
}
