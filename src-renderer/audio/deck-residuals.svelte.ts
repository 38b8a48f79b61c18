import { signalsAlign } from '../../src-preload/contract/commands/listening.ts';
import type { Host } from '../host.svelte.ts';
import type { DeckTrack } from './deck-track.svelte.ts';
import { bare } from './track-sound.ts';
import type { TrackInput } from './transport.ts';

/** What is left of one version when another is taken from it, in time and at the level at which the least is left. */
export interface Residual {
  track: TrackInput;
  levelDbfs: number;
  /** Against the level of the version that it was taken from. */
  relativeDb: number;
}

/**
 * Residuals between versions of one clip. Those against the reference come with the versions themselves; any other two are
 * compared by the host when they are first asked for.
 */
export class DeckResiduals {
  readonly #host: Pick<Host, 'call'>;
  #known = $state.raw<ReadonlyMap<string, Residual>>(new Map());
  readonly #loading = new Map<string, Promise<Residual | null>>();

  constructor(host: Pick<Host, 'call'>) {
    this.#host = host;
  }

  /** `from` less `taken`, where it is known. */
  get(from: DeckTrack, taken: DeckTrack): Residual | null {
    // Facts are only there for what was compared with the reference.
    const measured = taken.facts?.residual;
    if (from.state === 'ready' && from.facts === null && taken.residual && measured)
      return { track: taken.residual, ...measured };
    return this.#known.get(keyOf(from, taken)) ?? null;
  }

  /** Has it ready; both versions are. Null where nothing can be said, as of silence. @throws ResynthError of the host. */
  async prepare(from: DeckTrack, taken: DeckTrack, signal: AbortSignal): Promise<Residual | null> {
    const known = this.get(from, taken);
    if (known) return known;
    const key = keyOf(from, taken);
    const loading = this.#loading.get(key) ?? this.#fetch(key, from, taken, signal);
    this.#loading.set(key, loading);
    return loading.finally(() => this.#loading.delete(key));
  }

  clear(): void {
    this.#known = new Map();
  }

  async #fetch(
    key: string,
    from: DeckTrack,
    taken: DeckTrack,
    signal: AbortSignal,
  ): Promise<Residual | null> {
    if (!from.track || !taken.track) return null;
    // As they are on the deck: in time with the reference already, so that what is left is too.
    const { aligned, residual } = await this.#host.call(
      signalsAlign,
      { reference: bare(from.track.sound), degraded: bare(taken.track.sound) },
      { signal },
    );
    if (!residual) return null;
    const { samples, peak, levelDbfs, relativeDb } = residual;
    const sound = { sampleRateHz: aligned.sampleRateHz, channels: 1, samples };
    const found: Residual = { track: { id: `residual ${key}`, sound, peak }, levelDbfs, relativeDb };
    if (!signal.aborted) this.#known = new Map(this.#known).set(key, found);
    return found;
  }
}

function keyOf(from: DeckTrack, taken: DeckTrack): string {
  return `${from.id} - ${taken.id}`;
}
