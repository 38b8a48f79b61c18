/**
 * The positions of some keys in order of the keys, equal keys in order of position. NaN is not allowed; infinities are.
 * A radix sort: 300,000 keys in a few milliseconds, where a comparison function takes a hundred. Overwrites the keys.
 */
export function stableOrder(keys: Float64Array<ArrayBuffer>): Uint32Array {
  const { low, high } = sortableWords(keys);
  let order = new Uint32Array(keys.length);
  for (let position = 0; position < order.length; position++) order[position] = position;
  let spare = new Uint32Array(keys.length);
  for (const word of [low, high]) {
    for (let shift = 0; shift < 32; shift += digitBits) {
      if (sortByDigit(word, shift, order, spare)) [order, spare] = [spare, order];
    }
  }
  return order;
}

/** Which of the two words of a number comes first in this machine's memory. */
const highFirst = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

/** Numbers as pairs of unsigned words that compare as the numbers do. */
function sortableWords(keys: Float64Array<ArrayBuffer>): { low: Uint32Array; high: Uint32Array } {
  // Adding zero makes -0 into 0, which it has to equal.
  for (let position = 0; position < keys.length; position++) keys[position] = (keys[position] as number) + 0;
  const words = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
  const low = new Uint32Array(keys.length);
  const high = new Uint32Array(keys.length);
  for (let position = 0; position < keys.length; position++) {
    const top = words[position * 2 + (highFirst ? 0 : 1)] as number;
    const bottom = words[position * 2 + (highFirst ? 1 : 0)] as number;
    // Bits of a positive number grow with it; those of a negative one shrink.
    const negative = top >>> 31 === 1;
    high[position] = negative ? ~top : top | 0x80000000;
    low[position] = negative ? ~bottom : bottom;
  }
  return { low, high };
}

/** Few enough digits that where each goes stays in the processor's cache. */
const digitBits = 11;
const digitMask = 2 ** digitBits - 1;

/** One stable pass over some bits; false, and nothing done, where all have the same ones. */
function sortByDigit(word: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const places = new Uint32Array(digitMask + 2);
  for (let at = 0; at < word.length; at++) {
    const next = (((word[at] as number) >>> shift) & digitMask) + 1;
    places[next] = (places[next] as number) + 1;
  }
  const first = ((word[0] ?? 0) >>> shift) & digitMask;
  if (places[first + 1] === word.length) return false;
  for (let digit = 1; digit < places.length; digit++) {
    places[digit] = (places[digit] as number) + (places[digit - 1] as number);
  }
  for (let at = 0; at < from.length; at++) {
    const position = from[at] as number;
    const digit = ((word[position] as number) >>> shift) & digitMask;
    const place = places[digit] as number;
    places[digit] = place + 1;
    to[place] = position;
  }
  return true;
}
