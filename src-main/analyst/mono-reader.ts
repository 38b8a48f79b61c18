import { damageOf, refuseNotFinite } from '../audio/damage.ts';
import type { AudioSource } from '../audio/source.ts';

/** To go to a place costs reading about so much before and after it. */
const leastSkipSec = 1;

/**
 * Windows of a recording's channels mixed into one, read on and on from a place: hours of sound pass through the memory
 * of a few windows. Windows may overlap and must not go back by more than one of them.
 */
export class MonoReader {
  readonly #file: string;
  readonly #source: AudioSource;
  #blocks: Generator<Float32Array[], void, void>;
  /** Number of the first sample that is held. */
  #start: number;
  #held = new Float32Array(1 << 16);
  #length = 0;
  #ended = false;

  constructor(file: string, source: AudioSource, start: number) {
    this.#file = file;
    this.#source = source;
    this.#start = start;
    this.#blocks = source.blocks(start);
  }

  /**
   * Puts the window from sample `at` on, weighted, into the beginning of `out`; before the recording and after it there are
   * zeros. False where all of it is zero.
   */
  fill(at: number, window: Float64Array, out: Float64Array): boolean {
    this.#readTo(at + window.length);
    let some = false;
    for (let i = 0; i < window.length; i++) {
      const place = at + i - this.#start;
      const sample = place >= 0 && place < this.#length ? this.#held[place]! : 0;
      if (sample !== 0) some = true;
      out[i] = window[i]! * sample;
    }
    return some;
  }

  /** Goes on from sample `at` where that lies far ahead: what is between is not read. */
  skipTo(at: number): void {
    const ahead = at - (this.#start + this.#length);
    if (ahead < leastSkipSec * this.#source.info.sampleRateHz) return;
    this.#blocks.return();
    this.#blocks = this.#source.blocks(at);
    this.#start = at;
    this.#length = 0;
  }

  /** Refuses a file that turned out to be damaged before sample `to`. */
  refuseDamage(to: number): void {
    const damage = damageOf(this.#file, this.#source, this.#source.reached, to);
    if (this.#ended && damage) throw damage;
  }

  #readTo(end: number): void {
    while (!this.#ended && this.#start + this.#length < end) {
      const next = this.#blocks.next();
      if (next.done === true) this.#ended = true;
      else this.#append(next.value, end);
    }
  }

  #append(block: readonly Float32Array[], needed: number): void {
    const count = block[0]?.length ?? 0;
    refuseNotFinite(this.#file, this.#source.info, block, this.#start + this.#length);
    if (this.#length + count > this.#held.length) this.#makeRoom(count, needed);
    const target = this.#held.subarray(this.#length, this.#length + count);
    const scale = 1 / block.length;
    target.fill(0);
    for (const channel of block) for (let i = 0; i < count; i++) target[i]! += channel[i]! * scale;
    this.#length += count;
  }

  /** Lets go of what lies more than a window's reach behind, and grows only where that is not enough. */
  #makeRoom(count: number, needed: number): void {
    const reach = 1 << 16;
    const drop = Math.max(0, Math.min(this.#length, needed - reach - this.#start));
    if (drop > 0) {
      this.#held.copyWithin(0, drop, this.#length);
      this.#start += drop;
      this.#length -= drop;
    }
    if (this.#length + count <= this.#held.length) return;
    const larger = new Float32Array(2 * (this.#length + count));
    larger.set(this.#held.subarray(0, this.#length));
    this.#held = larger;
  }
}
