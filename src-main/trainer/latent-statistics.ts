import type { OutputValue } from '../engine/program.ts';

/** What a validation found of each latent dimension; every list has one number a dimension. */
export interface LatentStatistics {
  /** Mean KL of the posterior from the prior, in nats a clip. */
  klPerDimension: number[];
  /** What the code (the posterior's mean) spans over the clips; null where the family tells no code. */
  code: CodeStatistics | null;
  /** Mean responsibility of each component of the prior, adding up to 1; null where it is no mixture. */
  componentShares: number[] | null;
}

export interface CodeStatistics {
  mean: number[];
  /** Standard deviation over the clips. */
  deviation: number[];
  low: number[];
  high: number[];
}

/** Mean, deviation and range of each number of the code over a validation, from its batches (Welford 1962). */
export class CodeSums {
  #count = 0;
  #mean: Float64Array | null = null;
  #squares = new Float64Array(0);
  #low = new Float64Array(0);
  #high = new Float64Array(0);

  /** Takes a code `[batch, ..., latent]` whose first `clips` rows are real. */
  add({ code }: Record<string, OutputValue>, clips: number): void {
    const dimensions = code?.shape.at(-1);
    const batch = code?.shape[0];
    if (!code || !dimensions || !batch) return;
    const mean = (this.#mean ??= this.#begin(dimensions));
    const rows = (code.data.length / dimensions / batch) * clips;
    for (let row = 0; row < rows; row++) {
      this.#count++;
      for (let dimension = 0; dimension < dimensions; dimension++) {
        const value = code.data[row * dimensions + dimension] as number;
        const before = value - (mean[dimension] as number);
        mean[dimension] = (mean[dimension] as number) + before / this.#count;
        this.#squares[dimension] =
          (this.#squares[dimension] as number) + before * (value - (mean[dimension] as number));
        this.#low[dimension] = Math.min(this.#low[dimension] as number, value);
        this.#high[dimension] = Math.max(this.#high[dimension] as number, value);
      }
    }
  }

  /** Null where no code was told. */
  result(): CodeStatistics | null {
    if (!this.#mean || this.#count === 0) return null;
    return {
      mean: [...this.#mean],
      deviation: [...this.#squares].map((squares) => Math.sqrt(squares / this.#count)),
      low: [...this.#low],
      high: [...this.#high],
    };
  }

  #begin(dimensions: number): Float64Array {
    this.#squares = new Float64Array(dimensions);
    this.#low = new Float64Array(dimensions).fill(Infinity);
    this.#high = new Float64Array(dimensions).fill(-Infinity);
    return new Float64Array(dimensions);
  }
}
