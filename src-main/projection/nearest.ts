import type { Rows } from './pca.ts';

/** The k nearest others of each row, nearest first; equal distances in order of row. */
export interface Nearest {
  k: number;
  /** `[count, k]`. */
  rows: Int32Array;
  /** Euclidean, `[count, k]`. */
  distances: Float64Array;
}

/** Rows between two words of how far it is. */
const rowsAtOnce = 64;

/**
 * The exact nearest neighbours by comparing each row with each other: O(count² x dimensions). A generator, so that whoever
 * runs it can tell how far it is, yielding the number of rows done.
 */
export function* nearestOthers(rows: Rows, k: number): Generator<number, Nearest> {
  const { count } = rows;
  const kept = Math.max(0, Math.min(k, count - 1));
  const found = { k: kept, rows: new Int32Array(count * kept), distances: new Float64Array(count * kept) };
  for (let row = 0; row < count; row++) {
    if (row > 0 && row % rowsAtOnce === 0) yield row;
    const list = nearestOf(rows, row, kept);
    found.rows.set(list.rows, row * kept);
    found.distances.set(list.distances, row * kept);
  }
  return found;
}

/** The k nearest others of one row. */
export function nearestOf(
  { data, count, dimensions }: Rows,
  row: number,
  k: number,
): { rows: Int32Array; distances: Float64Array } {
  const kept = Math.max(0, Math.min(k, count - 1));
  const list = new NearestList(kept);
  const from = row * dimensions;
  for (let other = 0, at = 0; other < count; other++, at = other * dimensions) {
    if (other === row) continue;
    let squares = 0;
    for (let i = 0; i < dimensions; i++) {
      const difference = data[from + i]! - data[at + i]!;
      squares += difference * difference;
    }
    list.offer(other, squares);
  }
  return { rows: list.rows, distances: list.squares.map((square) => Math.sqrt(square)) };
}

/** The few smallest of many that are offered in ascending order of row. */
export class NearestList {
  readonly rows: Int32Array;
  readonly squares: Float64Array;
  #size = 0;

  constructor(k: number) {
    this.rows = new Int32Array(k);
    this.squares = new Float64Array(k);
  }

  offer(row: number, square: number): void {
    const { rows, squares } = this;
    const k = rows.length;
    if (k === 0 || (this.#size === k && square >= squares[k - 1]!)) return;
    let at = this.#size < k ? this.#size++ : k - 1;
    for (; at > 0 && squares[at - 1]! > square; at--) {
      squares[at] = squares[at - 1]!;
      rows[at] = rows[at - 1]!;
    }
    squares[at] = square;
    rows[at] = row;
  }
}
