import type { Nearest } from './nearest.ts';

/** Joint probabilities p_ij of t-SNE in compressed rows: symmetric, summing to 1 over all pairs. */
export interface Affinities {
  count: number;
  /** Where each row begins, `[count + 1]`. */
  starts: Int32Array;
  columns: Int32Array;
  values: Float64Array;
}

const searches = 64;
const closeEnough = 1e-5;

/**
 * Each row's Gaussian over its neighbours at the width at which its perplexity is the one asked for, made symmetric:
 * p_ij = (p_j|i + p_i|j) / 2n (L. van der Maaten and G. Hinton, JMLR 9, 2008; sparse as in van der Maaten, JMLR 15, 2014).
 */
export function affinitiesOf(nearest: Nearest, perplexity: number): Affinities {
  const { k, rows, distances } = nearest;
  const count = k === 0 ? 0 : rows.length / k;
  const conditional = new Float64Array(rows.length);
  for (let row = 0; row < count; row++) {
    const squares = distances.subarray(row * k, (row + 1) * k).map((distance) => distance * distance);
    conditional.set(gaussianAt(squares, perplexity), row * k);
  }
  return symmetric(nearest, conditional, count);
}

/** p_j|i for squared distances, by bisection of the precision until the entropy is log(perplexity). */
export function gaussianAt(squares: Float64Array, perplexity: number): Float64Array {
  const wanted = Math.log(Math.min(perplexity, squares.length));
  const nearest = squares.reduce((least, square) => Math.min(least, square), Infinity);
  const weights = new Float64Array(squares.length);
  let precision = 1;
  let low = 0;
  let high = Infinity;
  for (let search = 0; search < searches; search++) {
    let sum = 0;
    let weighted = 0;
    for (let at = 0; at < squares.length; at++) {
      // From the nearest on, so that not all of them vanish.
      const beyond = squares[at]! - nearest;
      const weight = Math.exp(-precision * beyond);
      weights[at] = weight;
      sum += weight;
      weighted += weight * beyond;
    }
    for (let at = 0; at < squares.length; at++) weights[at] = weights[at]! / sum;
    const entropy = Math.log(sum) + (precision * weighted) / sum;
    if (Math.abs(entropy - wanted) < closeEnough) break;
    if (entropy > wanted) low = precision;
    else high = precision;
    precision = high === Infinity ? precision * 2 : (low + high) / 2;
  }
  return weights;
}

function symmetric({ k, rows }: Nearest, conditional: Float64Array, count: number): Affinities {
  const maps = Array.from({ length: count }, () => new Map<number, number>());
  for (let row = 0; row < count; row++) {
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = rows[at]!;
      const share = conditional[at]! / (2 * count);
      maps[row]!.set(other, (maps[row]!.get(other) ?? 0) + share);
      maps[other]!.set(row, (maps[other]!.get(row) ?? 0) + share);
    }
  }
  const starts = new Int32Array(count + 1);
  for (const [row, map] of maps.entries()) starts[row + 1] = starts[row]! + map.size;
  const columns = new Int32Array(starts[count]!);
  const values = new Float64Array(starts[count]!);
  for (const [row, map] of maps.entries()) {
    let at = starts[row]!;
    for (const [column, value] of [...map].sort((a, b) => a[0] - b[0])) {
      columns[at] = column;
      values[at] = value;
      at++;
    }
  }
  return { count, starts, columns, values };
}
