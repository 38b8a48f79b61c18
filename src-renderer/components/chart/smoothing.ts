/**
 * Exponential moving average of a growing curve, corrected for its start (Kingma and Ba 2015, section 3): the first
 * value is itself, not a fraction of it. Values that are no numbers stay gaps and do not spoil what follows.
 *
 * It goes on from where it was, so that a live curve of 100,000 points costs only its new ones.
 */
export class Smoothing {
  readonly weight: number;
  #values = new Float64Array(1024);
  #length = 0;
  #average = 0;
  #correction = 1;

  /** @param weight 0 (as it is) up to, but not including, 1 (flat). */
  constructor(weight: number) {
    if (!(weight >= 0 && weight < 1)) throw new RangeError(`a smoothing of ${weight} is not in 0 to below 1`);
    this.weight = weight;
  }

  /** The smoothed curve of `raw`, of the same length. Only values behind those of the last call are computed. */
  extend(raw: Float64Array): Float64Array {
    if (this.weight === 0) return raw;
    if (raw.length < this.#length) this.reset();
    if (raw.length > this.#values.length) {
      const larger = new Float64Array(Math.max(raw.length, this.#values.length * 2));
      larger.set(this.#values.subarray(0, this.#length));
      this.#values = larger;
    }
    for (let index = this.#length; index < raw.length; index++) {
      const value = raw[index] ?? Number.NaN;
      if (!Number.isFinite(value)) {
        this.#values[index] = Number.NaN;
        continue;
      }
      this.#average = this.weight * this.#average + (1 - this.weight) * value;
      this.#correction *= this.weight;
      this.#values[index] = this.#average / (1 - this.#correction);
    }
    this.#length = raw.length;
    return this.#values.subarray(0, this.#length);
  }

  /** Forgets everything: to be called when earlier values have changed. */
  reset(): void {
    this.#length = 0;
    this.#average = 0;
    this.#correction = 1;
  }
}
