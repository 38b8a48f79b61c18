import { lowerBound } from './growing-series.ts';

/** The part of a curve that is drawn. */
export interface DrawnCurve {
  x: Float64Array;
  /** NaN where the line is interrupted. */
  y: Float64Array;
  /** Where there is a value that is no number (NaN, an infinity), at most one a column of pixels. */
  marks: Float64Array;
  /** Whether values at or below `above` were left out. */
  hidden: boolean;
}

/**
 * Picks the points of a curve that its picture needs: in each of `columns` equal spans of x the first, lowest, highest
 * and last value, and one gap where there are values that are no numbers. A spike of one step survives any zoom, and
 * the picture has at most five points a column of pixels. One point on either side of the span is kept, so that lines
 * run to the edge.
 *
 * @param x ascending
 * @param y of the same length; NaN and infinities are gaps
 * @param above values at or below it are gaps too: 0 for a logarithmic axis
 */
export function decimate(
  x: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
  columns: number,
  above = -Infinity,
): DrawnCurve {
  const first = Math.max(0, lowerBound(x, x.length, from) - 1);
  const end = Math.min(x.length, upperBound(x, to) + 1);
  const drawnX: number[] = [];
  const drawnY: number[] = [];
  const marks: number[] = [];
  let hidden = false;
  const put = (index: number): void => {
    const value = y[index] ?? Number.NaN;
    drawnX.push(x[index] ?? 0);
    drawnY.push(Number.isFinite(value) && value > above ? value : Number.NaN);
  };
  const width = (to - from) / columns;

  let index = first;
  while (index < end) {
    // Where its column ends is found once, so that the loop over its points does nothing but compare.
    const next = Math.max(index + 1, firstFrom(x, index, end, columnEnd(x[index] ?? 0, from, width)));
    let firstFinite = -1;
    let lastFinite = -1;
    let lowest = -1;
    let highest = -1;
    let low = Infinity;
    let high = -Infinity;
    let gap = -1;
    let noNumber = -1;
    for (let at = index; at < next; at++) {
      const value = y[at] ?? Number.NaN;
      // Neither NaN nor an infinity passes.
      if (value > above && value < Infinity) {
        if (firstFinite < 0) firstFinite = at;
        lastFinite = at;
        if (value < low) {
          low = value;
          lowest = at;
        }
        if (value > high) {
          high = value;
          highest = at;
        }
      } else {
        if (gap < 0) gap = at;
        if (Number.isFinite(value)) hidden = true;
        else if (noNumber < 0) noNumber = at;
      }
    }
    if (noNumber >= 0) marks.push(x[noNumber] ?? 0);
    const picked = [firstFinite, lowest, highest, lastFinite, gap].sort((one, other) => one - other);
    let before = -1;
    for (const chosen of picked) {
      if (chosen !== before) put(chosen);
      before = chosen;
    }
    index = next;
  }
  return {
    x: Float64Array.from(drawnX),
    y: Float64Array.from(drawnY),
    marks: Float64Array.from(marks),
    hidden,
  };
}

/** Where the column of pixels ends in which `x` lies; what is left of the view is a column of its own. */
function columnEnd(x: number, from: number, width: number): number {
  if (x < from) return from;
  return width > 0 ? from + (Math.floor((x - from) / width) + 1) * width : Infinity;
}

/** The first index in from..end whose value is not below `wanted`, looked for near `from` first. */
function firstFrom(sorted: Float64Array, from: number, end: number, wanted: number): number {
  let reach = 1;
  while (from + reach < end && (sorted[from + reach] ?? Infinity) < wanted) reach *= 2;
  let low = from + (reach >> 1);
  let high = Math.min(end, from + reach);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index whose value is above `wanted`. */
function upperBound(sorted: Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One table for a chart: a shared x, and for each curve its value, null for a gap, undefined where it has no point. */
export interface AlignedTable {
  x: number[];
  curves: (number | null | undefined)[][];
}

/** Puts curves with different x into one table, in order of x. Equal x of different curves share a row. */
export function alignCurves(curves: readonly { x: Float64Array; y: Float64Array }[]): AlignedTable {
  const at = curves.map(() => 0);
  const table: AlignedTable = { x: [], curves: curves.map(() => []) };
  for (;;) {
    let next = Infinity;
    curves.forEach((curve, index) => {
      const x = curve.x[at[index] ?? 0];
      if (x !== undefined && x < next) next = x;
    });
    if (next === Infinity) break;
    table.x.push(next);
    curves.forEach((curve, index) => {
      const position = at[index] ?? 0;
      const column = table.curves[index];
      if (curve.x[position] !== next) return void column?.push(undefined);
      const value = curve.y[position] ?? Number.NaN;
      column?.push(Number.isNaN(value) ? null : value);
      at[index] = position + 1;
    });
  }
  for (const column of table.curves) widenGaps(column);
  return table;
}

/** Makes a gap reach from the last value before it to the first after it, over rows that belong to other curves. */
function widenGaps(column: (number | null | undefined)[]): void {
  let gap = false;
  let from = 0;
  for (let row = 0; row <= column.length; row++) {
    const value = column[row];
    if (value === null) gap = true;
    if (row < column.length && typeof value !== 'number') continue;
    if (gap) column.fill(null, from, row);
    gap = false;
    from = row + 1;
  }
}
