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
  return philox4x32([purpose >>> 0, 0, 0, 0x5eed], [seed >>> 0, 0])[0] & 0x7fffffff;
}

/** Random 32-bit words keyed by (seed, stream), in order. */
class PhiloxStream {
  readonly #seed: number;
  readonly #stream: number;
  #block = 0;
  #words: Words = [0, 0, 0, 0];
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
      this.#words = philox4x32([this.#block++ >>> 0, 0, this.#stream, 0], [this.#seed, 0]);
      this.#used = 0;
    }
    return this.#words[this.#used++] as number;
  }
}

type Words = [number, number, number, number];

/** Ten rounds of Philox: a block of four random words for a counter and a key. */
export function philox4x32(counter: Words, key: [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = multiply(0xd2511f53, c0);
    const [high1, low1] = multiply(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** High and low word of the 64-bit product of two 32-bit words. */
function multiply(a: number, b: number): [number, number] {
  const low = Math.imul(a, b) >>> 0;
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 0x10000);
  const cross = aLow * bHigh + (middle % 0x10000);
  return [(aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) >>> 0, low];
}
