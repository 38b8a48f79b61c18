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
  const columnOf = (index: number): number =>
    width > 0 ? Math.min(columns, Math.max(-1, Math.floor(((x[index] ?? 0) - from) / width))) : 0;

  let index = first;
  while (index < end) {
    const column = columnOf(index);
    let firstFinite = -1;
    let lowest = -1;
    let highest = -1;
    let lastFinite = -1;
    let gap = -1;
    let noNumber = -1;
    let next = index;
    for (; next < end && columnOf(next) === column; next++) {
      const value = y[next] ?? Number.NaN;
      const isNumber = Number.isFinite(value);
      if (!isNumber || value <= above) {
        if (isNumber) hidden = true;
        else if (noNumber < 0) noNumber = next;
        if (gap < 0) gap = next;
        continue;
      }
      if (firstFinite < 0) firstFinite = lowest = highest = next;
      if (value < (y[lowest] ?? Infinity)) lowest = next;
      if (value > (y[highest] ?? -Infinity)) highest = next;
      lastFinite = next;
    }
    if (noNumber >= 0) marks.push(x[noNumber] ?? 0);
    const picked = [firstFinite, lowest, highest, lastFinite, gap].filter((at) => at >= 0);
    picked.sort((a, b) => a - b);
    for (let at = 0; at < picked.length; at++) {
      const chosen = picked[at];
      if (chosen !== undefined && chosen !== picked[at - 1]) put(chosen);
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
