import { framePadding, type StftOptions } from '../frames.ts';
import type { RealArray } from '../matrix.ts';

/** Frames that are given together at most. */
export const framesTogether = 32;

/**
 * Takes a signal block by block and gives its frames, padding included, many at a time: hours of sound pass through the memory
 * of a few frames. The frames are those of `forEachStretch` over the whole signal.
 */
export class FrameStream {
  readonly #options: StftOptions;
  readonly #visit: (samples: Float64Array, firstFrame: number, frames: number) => void;
  readonly #padding: number;
  readonly #held: Float64Array;
  /** The last samples of the signal itself, for the padding after its end; before the beginning is padded, the first. */
  #edge: Float64Array = new Float64Array(0);
  #length = 0;
  /** Samples to pass over before the next frame begins, where the hop is longer than a frame. */
  #skip = 0;
  #frames = 0;
  #begun = false;

  /**
   * `visit` is given samples in which frame `firstFrame + i` begins at `i * hopLength`, for `i` up to `frames`; the array is used
   * again afterwards.
   */
  constructor(
    options: StftOptions,
    visit: (samples: Float64Array, firstFrame: number, frames: number) => void,
  ) {
    this.#options = options;
    this.#visit = visit;
    this.#padding = framePadding(options);
    this.#held = new Float64Array(options.nFft + (framesTogether - 1) * options.hopLength);
  }

  push(block: RealArray): void {
    const { padMode = 'constant' } = this.#options;
    if (padMode === 'constant' || this.#padding === 0) {
      if (!this.#begun) this.#begin();
      this.#append(block);
      return;
    }
    this.#keepEdge(block);
    if (this.#begun) this.#append(block);
    else if (this.#edge.length > this.#padding) this.#begin();
  }

  /**
   * Gives the last frames and how many there were in all.
   *
   * @throws RangeError where a signal that is too short was to be mirrored.
   */
  end(): number {
    const { padMode = 'constant' } = this.#options;
    if (padMode === 'reflect' && this.#padding > 0 && this.#edge.length <= this.#padding) {
      throw new RangeError(
        `Reflecting ${this.#padding} samples needs a longer signal than ${this.#edge.length} samples.`,
      );
    }
    if (!this.#begun) this.#begin();
    const last = this.#edge.length - 1;
    const after = new Float64Array(this.#padding);
    for (let n = 0; n < after.length && last >= 0; n++) {
      if (padMode === 'reflect') after[n] = this.#edge[last - 1 - n]!;
      else if (padMode === 'edge') after[n] = this.#edge[last]!;
    }
    this.#append(after);
    this.#give();
    return this.#frames;
  }

  /** Before the beginning is padded everything is kept, then the last `padding + 1` samples. */
  #keepEdge(block: RealArray): void {
    const wanted = this.#begun ? this.#padding + 1 : Infinity;
    const fresh = block.subarray(Math.max(0, block.length - wanted));
    const kept = this.#edge.subarray(Math.max(0, this.#edge.length - (wanted - fresh.length)));
    const edge = new Float64Array(kept.length + fresh.length);
    edge.set(kept);
    edge.set(fresh, kept.length);
    this.#edge = edge;
  }

  #begin(): void {
    this.#begun = true;
    const { padMode = 'constant' } = this.#options;
    const before = new Float64Array(this.#padding);
    for (let n = 0; n < before.length && this.#edge.length > 0; n++) {
      if (padMode === 'reflect') before[n] = this.#edge[this.#padding - n]!;
      else if (padMode === 'edge') before[n] = this.#edge[0]!;
    }
    this.#append(before);
    this.#append(this.#edge);
  }

  #append(values: RealArray): void {
    let from = Math.min(this.#skip, values.length);
    this.#skip -= from;
    while (from < values.length) {
      const count = Math.min(values.length - from, this.#held.length - this.#length);
      this.#held.set(values.subarray(from, from + count), this.#length);
      this.#length += count;
      from += count;
      if (this.#length === this.#held.length) this.#give();
      const passed = Math.min(this.#skip, values.length - from);
      this.#skip -= passed;
      from += passed;
    }
  }

  /** Gives all frames that are complete, and keeps the samples from the next one on. */
  #give(): void {
    const { nFft, hopLength } = this.#options;
    if (this.#length < nFft) return;
    const frames = 1 + Math.floor((this.#length - nFft) / hopLength);
    this.#visit(this.#held, this.#frames, frames);
    this.#frames += frames;
    const used = frames * hopLength;
    this.#held.copyWithin(0, Math.min(used, this.#length), this.#length);
    this.#skip = Math.max(0, used - this.#length);
    this.#length = Math.max(0, this.#length - used);
  }
}
