import type { SignalsAligned } from '../../src-preload/contract/commands/listening.ts';
import type { TrackSound } from './track-sound.ts';
import type { TrackInput } from './transport.ts';

/** One version of a clip that a deck may play. */
export interface DeckSource {
  /** Of this very sound: another step of a run is another id. */
  id: string;
  /** What stays when the sound behind it changes: 'reconstruction' at whatever step. The id if left out. */
  slot?: string;
  title: string;
  /** More, for a tooltip. */
  detail?: string;
  /** As `#rrggbb` or a token; for the mark beside its title. */
  colour?: string;
  /** Called when it is first wanted. Null where there is no sound. */
  load(signal: AbortSignal): Promise<TrackSound | null>;
}

/** How it lies against the reference, without its samples. */
export type TrackFacts = Omit<SignalsAligned, 'aligned' | 'residual' | 'referencePeak' | 'alignedPeak'> & {
  residual: { levelDbfs: number; relativeDb: number } | null;
};

/** One version of a clip, from the first wish to hear it on. */
export class DeckTrack {
  /** Another for the same sound where it goes by another letter or colour now. */
  source = $state.raw() as DeckSource;
  #state = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  #error = $state.raw<unknown>(null);
  #facts = $state.raw<TrackFacts | null>(null);
  #track: TrackInput | null = null;
  #residual: TrackInput | null = null;
  #loading: Promise<void> | null = null;

  constructor(source: DeckSource) {
    this.source = source;
  }

  get id(): string {
    return this.source.id;
  }

  get slot(): string {
    return this.source.slot ?? this.source.id;
  }

  get state(): 'idle' | 'loading' | 'ready' | 'failed' {
    return this.#state;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Null for the reference, and before it was compared. */
  get facts(): TrackFacts | null {
    return this.#facts;
  }

  /** What the transport plays; null before it is ready. */
  get track(): TrackInput | null {
    return this.#track;
  }

  /** What is left of the reference, as a track; null for the reference itself. */
  get residual(): TrackInput | null {
    return this.#residual;
  }

  /**
   * Has it ready, once however often it is asked for; one that failed is tried again. `fetch` gives the track, its facts
   * and its residual. Never throws: the failure is in `error`.
   */
  prepare(
    fetch: () => Promise<{ track: TrackInput; facts: TrackFacts | null; residual: TrackInput | null }>,
  ): Promise<void> {
    if (this.#state === 'ready') return Promise.resolve();
    this.#loading ??= this.#prepare(fetch).finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #prepare(fetch: Parameters<DeckTrack['prepare']>[0]): Promise<void> {
    this.#state = 'loading';
    this.#error = null;
    try {
      const { track, facts, residual } = await fetch();
      this.#track = track;
      this.#residual = residual;
      this.#facts = facts;
      this.#state = 'ready';
    } catch (error) {
      this.#error = error;
      this.#state = 'failed';
    }
  }
}
