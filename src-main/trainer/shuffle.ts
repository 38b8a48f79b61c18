import { philoxRounds } from '../engine/philox.ts';

/**
 * The order of the clips, from (seed, epoch) alone: an epoch's order can be had again after a crash without replaying the
 * epochs before it. Random bits come from Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const random = new PhiloxStream(seed, epoch);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order;
}

/** A seed of its own for another purpose (evaluation noise), so that its numbers are not those of training. */
export function deriveSeed(seed: number, purpose: number): number {
  return philoxRounds([purpose >>> 0, 0, 0, 0x5eed], seed >>> 0, 0)[0] & 0x7fffffff;
}

/** Random 32-bit words keyed by (seed, stream), in order. */
class PhiloxStream {
  readonly #seed: number;
  readonly #stream: number;
  #block = 0;
  #words: readonly number[] = [];
  #used = 4;

  constructor(seed: number, stream: number) {
    this.#seed = seed >>> 0;
    this.#stream = stream >>> 0;
  }

  /** A number in 0..limit-1, every one equally likely: words beyond the last whole multiple of `limit` are drawn again. */
  below(limit: number): number {
    const whole = Math.floor(0x1_0000_0000 / limit) * limit;
    let word = this.#next();
    while (word >= whole) word = this.#next();
    return word % limit;
  }

  #next(): number {
    if (this.#used === 4) {
      this.#words = philoxRounds([this.#block++ >>> 0, 0, this.#stream, 0], this.#seed, 0);
      this.#used = 0;
    }
    return this.#words[this.#used++] as number;
  }
}
