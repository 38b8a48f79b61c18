import { PhiloxWords } from '../random/philox.ts';

/** `count` numbers uniform in [0, 1) for a seed, the same on every machine. */
export function philoxUniforms(seed: number, count: number): Float64Array {
  const draw = philoxDraw(seed);
  return Float64Array.from({ length: count }, draw);
}

/** One number uniform in [0, 1) after the other: what `Math.random` is to who wants no seed. */
export function philoxDraw(seed: number): () => number {
  const words = new PhiloxWords(seed);
  return () => words.next() / 2 ** 32;
}

/** `count` of `of` rows in ascending order, every choice equally likely; all where there are no more. */
export function chooseRows(of: number, count: number, seed: number): Int32Array {
  const rows = Int32Array.from({ length: of }, (_, at) => at);
  if (of <= count) return rows;
  const words = new PhiloxWords(seed);
  for (let at = 0; at < count; at++) {
    const other = at + words.below(of - at);
    [rows[at], rows[other]] = [rows[other]!, rows[at]!];
  }
  return rows.slice(0, count).sort();
}
