/**
 * The positions 0 to count - 1 in order of their keys, equal keys in order of position. NaN is not allowed; infinities are.
 * A radix sort: 300,000 keys in a few milliseconds, where a comparison function takes a hundred.
 */
export function stableOrder(keyOf: (position: number) => number, count: number): Uint32Array {
  const words = sortableWords(keyOf, count);
  let order = new Uint32Array(count);
  for (let position = 0; position < count; position++) order[position] = position;
  let spare = new Uint32Array(count);
  for (const word of [words.low, words.high]) {
    for (const shift of [0, 16]) {
      if (sortByDigit(word, shift, order, spare)) [order, spare] = [spare, order];
    }
  }
  return order;
}

/** Numbers as pairs of unsigned words that compare as the numbers do. */
function sortableWords(
  keyOf: (position: number) => number,
  count: number,
): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const float = new Float64Array(1);
  const view = new DataView(float.buffer);
  for (let position = 0; position < count; position++) {
    // Adding zero makes -0 into 0, which it has to equal.
    view.setFloat64(0, keyOf(position) + 0);
    const top = view.getUint32(0);
    const bottom = view.getUint32(4);
    // Bits of a positive number grow with it; those of a negative one shrink.
    const negative = top >>> 31 === 1;
    high[position] = negative ? ~top : top | 0x80000000;
    low[position] = negative ? ~bottom : bottom;
  }
  return { low, high };
}

/** One stable pass over 16 bits; false, and nothing done, where all have the same ones. */
function sortByDigit(word: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = new Uint32Array(65_537);
  for (const one of word) {
    const next = ((one >>> shift) & 0xffff) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  if (word.length > 0) {
    const first = ((word[0] as number) >>> shift) & 0xffff;
    if (starts[first + 1] === word.length) return false;
  }
  for (let digit = 1; digit < starts.length; digit++) {
    starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
  }
  for (const position of from) {
    const digit = ((word[position] as number) >>> shift) & 0xffff;
    const place = starts[digit] as number;
    starts[digit] = place + 1;
    to[place] = position;
  }
  return true;
}
