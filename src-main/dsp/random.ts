import { PhiloxWords } from '../random/philox.ts';

/** `count` numbers uniform in [0, 1) with 32 bits each, for `seed` (a non-negative safe integer) and `stream`. */
export function uniformNumbers(seed: number, count: number, stream = 0): Float64Array {
  const words = new PhiloxWords(seed, stream);
  return Float64Array.from({ length: count }, () => words.next() / 2 ** 32);
}
