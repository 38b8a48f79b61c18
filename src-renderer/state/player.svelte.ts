import type { z } from 'zod';
import type { soundSchema } from '../../src-preload/contract/commands/recordings.ts';
import { type LoopSec, Transport } from '../audio/transport.ts';

export type Sound = z.output<typeof soundSchema>;

export interface LoadOptions {
  positionSec?: number;
  keepPlaying?: boolean;
  /** It has sounded to its end. */
  onended?: () => void;
}

/**
 * The window's one transport, as components see it. `key` says whose sounds are on it, so that whoever shows a sound knows
 * whether it is theirs that plays. One sound is put on it with `load`; versions of a clip are by a `Deck`. Positions are
 * in seconds from the start of the clip.
 */
export class Player {
  /** For a `Deck`: the tracks themselves. */
  readonly transport = new Transport();
  /** No sound can be made: ResynthError listening/no-audio. */
  onerror: (error: unknown) => void = () => undefined;
  #frame = 0;
  #changes = 0;
  #onended: (() => void) | undefined;
  #key = $state<string | null>(null);
  /** What the transport's getters say may have changed. */
  #changed = $state(0);
  #positionSec = $state(0);

  constructor() {
    this.transport.onchange = () => this.#change();
    this.transport.onended = () => this.#onended?.();
    this.transport.onerror = (error) => this.onerror(error);
  }

  get key(): string | null {
    return this.#key;
  }

  get playing(): boolean {
    return this.#read().playing;
  }

  get positionSec(): number {
    return this.#positionSec;
  }

  get durationSec(): number {
    return this.#read().durationSec;
  }

  get volume(): number {
    return this.#read().volume;
  }

  get speed(): number {
    return this.#read().speed;
  }

  get loop(): LoopSec | null {
    return this.#read().loop;
  }

  get levelMatched(): boolean {
    return this.#read().levelMatched;
  }

  /** What all tracks are made quieter by, so that none clips. */
  get attenuationDb(): number {
    return this.#read().attenuationDb;
  }

  /** The track that is heard. */
  get heard(): string | null {
    return this.#read().chosen;
  }

  /** The tracks that are on it. */
  get trackIds(): readonly string[] {
    return this.#read().trackIds;
  }

  /** Makes the transport empty and `key`'s, unless it is that already. */
  take(key: string, options: Pick<LoadOptions, 'onended'> = {}): void {
    this.#onended = options.onended;
    if (this.#key === key) return;
    this.transport.clear();
    this.#key = key;
  }

  /**
   * Makes a sound the one to play, at its beginning or at `positionSec`; one that sounds goes on in the new one without a
   * break with `keepPlaying`.
   */
  load(key: string, sound: Sound, options: LoadOptions = {}): void {
    const { transport } = this;
    const goOn = transport.playing && options.keepPlaying === true;
    const before = transport.trackIds;
    const positionSec = options.positionSec ?? 0;
    const inStep = goOn && Math.abs(positionSec - transport.positionSec) < 0.05;
    try {
      if (!goOn) transport.clear();
      transport.add({ id: key, sound });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Of another rate: the two cannot sound on one clock.
      transport.clear();
      transport.add({ id: key, sound });
    }
    transport.choose(key);
    for (const id of before) if (id !== key) transport.remove(id);
    this.#key = key;
    this.#onended = options.onended;
    if (!inStep) transport.seek(positionSec);
    if (goOn) transport.play();
  }

  /** Has to be called in a click or key press the first time, as browsers allow no sound before one. */
  play(): void {
    this.transport.play();
  }

  pause(): void {
    this.transport.pause();
  }

  toggle(): void {
    this.transport.toggle();
  }

  seek(positionSec: number): void {
    this.transport.seek(positionSec);
  }

  setVolume(volume: number): void {
    this.transport.setVolume(volume);
  }

  /** Ends whatever sounds and forgets it, if it is `key`'s. */
  unload(key: string): void {
    if (this.#key !== key) return;
    this.#onended = undefined;
    this.#key = null;
    this.transport.clear();
  }

  #read(): Transport {
    // Only read so that whoever shows this is told of changes.
    void this.#changed;
    return this.transport;
  }

  #change(): void {
    this.#changed = ++this.#changes;
    this.#positionSec = this.transport.positionSec;
    cancelAnimationFrame(this.#frame);
    if (this.transport.playing) this.#follow();
  }

  #follow(): void {
    this.#frame = requestAnimationFrame(() => {
      this.#positionSec = this.transport.positionSec;
      if (this.transport.playing) this.#follow();
    });
  }
}
