/**
 * Philox4x32-10, a counter-based generator: the numbers are a pure function of (seed, stream, position), so the same seed
 * gives the same numbers on every machine and in any order of use.
 * J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function philox4x32(counter: Uint32Array, key: Uint32Array, output: Uint32Array): void {
  let [c0, c1, c2, c3] = [counter[0]!, counter[1]!, counter[2]!, counter[3]!];
  let [k0, k1] = [key[0]!, key[1]!];
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  output[0] = c0;
  output[1] = c1;
  output[2] = c2;
  output[3] = c3;
}

/** The upper 32 bits of a product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 65536);
  const cross = aLow * bHigh + (middle % 65536);
  return aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(cross / 65536);
}

/** `count` numbers uniform in [0, 1) with 32 bits each, for `seed` (a non-negative safe integer) and `stream`. */
export function uniformNumbers(seed: number, count: number, stream = 0): Float64Array {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`A seed of ${seed}: a whole number from 0 up is needed.`);
  const key = Uint32Array.of(seed % 2 ** 32, Math.floor(seed / 2 ** 32));
  const counter = Uint32Array.of(0, 0, stream, 0);
  const block = new Uint32Array(4);
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i += 4) {
    counter[0] = (i / 4) % 2 ** 32;
    counter[1] = Math.floor(i / 4 / 2 ** 32);
    philox4x32(counter, key, block);
    for (let j = 0; j < 4 && i + j < count; j++) numbers[i + j] = block[j]! / 2 ** 32;
  }
  return numbers;
}
