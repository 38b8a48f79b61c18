import type { GrowingSeries } from './growing-series.ts';

/** A column computed from the rows of a growing series, of which only the new rows are computed at each call. */
export class DerivedColumn {
  #values = new Float64Array(1024);
  #length = 0;
  #rewrites = -1;

  /** @param compute fills `into` from row `from` to the last; rows before are as they were computed. */
  of(series: GrowingSeries, compute: (from: number, into: Float64Array) => void): Float64Array {
    if (series.rewrites !== this.#rewrites || series.length < this.#length) this.#length = 0;
    if (series.length > this.#values.length) {
      const larger = new Float64Array(Math.max(series.length, this.#values.length * 2));
      larger.set(this.#values.subarray(0, this.#length));
      this.#values = larger;
    }
    if (this.#length < series.length) compute(this.#length, this.#values);
    this.#length = series.length;
    this.#rewrites = series.rewrites;
    return this.#values.subarray(0, this.#length);
  }
}
