import { realFft, type RealFft } from '../../dsp/fft.ts';

/** The most frequent delay of frames, and how sure it is. */
export interface FineDelay {
  /** In samples, on top of the delay at which frames were taken. */
  samples: number;
  /** The share of frames that agree, weighted by their correlation: 0..1. */
  confidence: number;
}

/**
 * Votes of frames for a delay, after P.862: each frame's cross-correlation votes for every delay that comes within 1 % of
 * its largest, with that largest to the power of 1/8. The votes are smoothed by a triangle.
 */
export class DelayHistogram {
  readonly frame: number;
  readonly #fft: RealFft;
  readonly #window: Float64Array;
  readonly #votes: Float64Array;
  readonly #input: Float64Array;
  readonly #reRe: Float64Array;
  readonly #reIm: Float64Array;
  readonly #deRe: Float64Array;
  readonly #deIm: Float64Array;
  readonly #triangle: number;

  /** `window` is the weight of a frame's samples. */
  constructor(window: Float64Array) {
    const frame = window.length;
    this.frame = frame;
    this.#fft = realFft(frame);
    this.#window = window;
    this.#votes = new Float64Array(frame);
    this.#input = new Float64Array(frame);
    [this.#reRe, this.#reIm] = [new Float64Array(this.#fft.bins), new Float64Array(this.#fft.bins)];
    [this.#deRe, this.#deIm] = [new Float64Array(this.#fft.bins), new Float64Array(this.#fft.bins)];
    this.#triangle = frame / 64;
  }

  clear(): void {
    this.#votes.fill(0);
  }

  /** One frame of both signals, from these samples on, both inside. */
  add(reference: Float64Array, from: number, degraded: Float64Array, degradedFrom: number): void {
    const input = this.#input;
    for (let n = 0; n < input.length; n++) input[n] = reference[from + n]! * this.#window[n]!;
    this.#fft.forward(input, this.#reRe, this.#reIm);
    for (let n = 0; n < input.length; n++) input[n] = degraded[degradedFrom + n]! * this.#window[n]!;
    this.#fft.forward(input, this.#deRe, this.#deIm);
    const [a, b, c, d] = [this.#reRe, this.#reIm, this.#deRe, this.#deIm];
    for (let bin = 0; bin < a.length; bin++) {
      const re = a[bin]! * c[bin]! + b[bin]! * d[bin]!;
      d[bin] = a[bin]! * d[bin]! - b[bin]! * c[bin]!;
      c[bin] = re;
    }
    this.#fft.inverse(c, d, input);
    let largest = 0;
    for (let n = 0; n < input.length; n++) {
      input[n] = Math.abs(input[n]!);
      if (input[n]! > largest) largest = input[n]!;
    }
    const needed = largest * 0.99;
    const vote = needed ** 0.125;
    for (let n = 0; n < input.length; n++) if (input[n]! > needed) this.#votes[n]! += vote;
  }

  /** The delay with the most votes so far; `samples` in -frame / 2 .. frame / 2 - 1. */
  winner(): FineDelay {
    const votes = this.#votes;
    let total = 0;
    for (const vote of votes) total += vote;
    if (total === 0) return { samples: 0, confidence: 0 };
    const { frame } = this;
    const triangle = this.#triangle;
    const smoothed = new Float64Array(frame);
    for (let n = 0; n < frame; n++) {
      if (votes[n] === 0) continue;
      for (let k = 1 - triangle; k < triangle; k++) {
        smoothed[(n + k + frame) % frame]! += votes[n]! * (1 - Math.abs(k) / triangle);
      }
    }
    let [largest, at] = [0, 0];
    for (let n = 0; n < frame; n++) if (smoothed[n]! > largest) [largest, at] = [smoothed[n]!, n];
    return { samples: at >= frame / 2 ? at - frame : at, confidence: largest / total };
  }
}
