import { resample, resampledLength, resampleReach } from './resample.ts';

/**
 * Resamples a signal that comes block by block, to the same numbers as `resample` of the whole but for rounding: pieces are
 * filtered with as much of the signal around them as the filter reaches.
 */
export class ResampleStream {
  readonly #fromHz: number;
  readonly #toHz: number;
  /** Input samples after which the output is at the same place between two of them again. */
  readonly #period: number;
  readonly #margin: number;
  readonly #pieceLength: number;
  #held: Float32Array;
  #length = 0;
  /** Number of the first held sample, and of the first whose output has not been given; both multiples of the period. */
  #start = 0;
  #done = 0;

  constructor(fromHz: number, toHz: number) {
    this.#fromHz = fromHz;
    this.#toHz = toHz;
    this.#period = fromHz / greatestCommonDivisor(fromHz, toHz);
    const upToPeriod = (samples: number): number => Math.ceil(samples / this.#period) * this.#period;
    this.#margin = upToPeriod(resampleReach(fromHz, toHz));
    this.#pieceLength = upToPeriod(Math.max(65_536, 8 * this.#margin));
    this.#held = new Float32Array(this.#pieceLength + 2 * this.#margin);
  }

  /** What is complete by now; at `toHz`. */
  push(block: Float32Array): Float32Array {
    const pieces: Float32Array[] = [];
    let from = 0;
    while (from < block.length) {
      const count = Math.min(block.length - from, this.#held.length - this.#length);
      this.#held.set(block.subarray(from, from + count), this.#length);
      this.#length += count;
      from += count;
      if (this.#length === this.#held.length)
        pieces.push(this.#give(this.#start + this.#length - this.#margin));
    }
    return joined(pieces);
  }

  /** The rest. */
  end(): Float32Array {
    return this.#give(this.#start + this.#length);
  }

  /** Outputs of the samples from where it stands to `end`. */
  #give(end: number): Float32Array {
    const made = resample(this.#held.subarray(0, this.#length), this.#fromHz, this.#toHz);
    const first = resampledLength(this.#done - this.#start, this.#fromHz, this.#toHz);
    const last = resampledLength(end - this.#start, this.#fromHz, this.#toHz);
    const output = made.subarray(first, last);
    this.#done = end;
    // A margin of what was given stays, for the filter of what comes.
    const keepFrom = Math.max(this.#start, end - this.#margin);
    this.#held.copyWithin(0, keepFrom - this.#start, this.#length);
    this.#length -= keepFrom - this.#start;
    this.#start = keepFrom;
    return output;
  }
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
