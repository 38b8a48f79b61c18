/**
 * Philox4x32-10, a counter-based generator: its numbers are a pure function of key and counter, so the same seed gives the
 * same numbers on every machine and in any order of use.
 * J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */

/** Four 32-bit words. */
export type Block = [number, number, number, number];

/** Ten rounds of Philox: four random words for a counter and a key. */
export function philoxRounds(counter: Readonly<Block>, key0: number, key1: number): Block {
  let [c0, c1, c2, c3] = counter;
  let k0 = key0 >>> 0;
  let k1 = key1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const next0 = (high1 ^ c1 ^ k0) >>> 0;
    const next2 = (high0 ^ c3 ^ k1) >>> 0;
    c0 = next0;
    c1 = low1;
    c2 = next2;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Upper 32 bits of the product of two unsigned 32-bit numbers, from 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const middleLow = (middle % 0x10000) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(middleLow / 0x10000)) >>> 0;
}

/** Random 32-bit words in order, keyed by (seed, stream): `seed` from 0 to the highest safe integer, `stream` 32 bits. */
export class PhiloxWords {
  readonly #key0: number;
  readonly #key1: number;
  readonly #stream: number;
  #block = 0;
  #words: Readonly<Block> = [0, 0, 0, 0];
  #used = 4;

  constructor(seed: number, stream = 0) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new RangeError(`A seed of ${seed}: a whole number from 0 up is needed.`);
    this.#key0 = seed % 0x1_0000_0000;
    this.#key1 = Math.floor(seed / 0x1_0000_0000);
    this.#stream = stream >>> 0;
  }

  next(): number {
    if (this.#used === 4) {
      const counter: Block = [this.#block >>> 0, Math.floor(this.#block / 0x1_0000_0000), this.#stream, 0];
      this.#words = philoxRounds(counter, this.#key0, this.#key1);
      this.#block++;
      this.#used = 0;
    }
    return this.#words[this.#used++] as number;
  }

  /** A number in 0..limit-1, every one equally likely: words beyond the last whole multiple of `limit` are drawn again. */
  below(limit: number): number {
    const whole = Math.floor(0x1_0000_0000 / limit) * limit;
    let word = this.next();
    while (word >= whole) word = this.next();
    return word % limit;
  }
}
