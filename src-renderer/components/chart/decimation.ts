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

export interface DecimationView {
  /** What is in view, in units of x. */
  from: number;
  to: number;
  /** Columns of pixels. */
  columns: number;
  /** Values at or below it are gaps too: 0 for a logarithmic axis. */
  above?: number;
  /** Columns are equally wide on a logarithmic x; `from` has to be above 0. */
  logX?: boolean;
}

/** First, lowest, highest and last value of a column, and its first gap. */
const picksAColumn = 5;

/**
 * Picks the points of a curve that its picture needs: in each column of pixels the first, lowest, highest and last value,
 * and one gap where there are values that are no numbers. A spike of one step survives any zoom, and the picture has at
 * most five points a column. One point on either side of the span is kept, so that lines run to the edge.
 *
 * It runs for every curve four times a second while a run trains: nothing is allocated a column.
 *
 * @param x ascending
 * @param y of the same length; NaN and infinities are gaps
 */
export function decimate(x: Float64Array, y: Float64Array, view: DecimationView): DrawnCurve {
  const { from, to, columns, above = -Infinity, logX = false } = view;
  const first = Math.max(0, lowerBound(x, x.length, from) - 1);
  const end = Math.min(x.length, upperBound(x, to) + 1);
  const room = Math.min(end - first, picksAColumn * (columns + 3));
  const drawnX = new Float64Array(room);
  const drawnY = new Float64Array(room);
  const marks: number[] = [];
  let count = 0;
  let hidden = false;
  const columnEnd = logX ? logColumns(from, to, columns) : evenColumns(from, to, columns);
  const picked = new Int32Array(picksAColumn);

  let index = first;
  while (index < end) {
    // Where its column ends is found once, so that the loop over its points does nothing but compare.
    const next = Math.max(index + 1, firstFrom(x, index, end, columnEnd(x[index] as number)));
    let lowest = -1;
    let highest = -1;
    let low = Infinity;
    let high = above;
    let gap = -1;
    for (let at = index; at < next; at++) {
      const value = y[at] as number;
      // Neither NaN nor an infinity passes.
      if (value > above && value < Infinity) {
        if (value < low) {
          low = value;
          lowest = at;
        }
        if (value > high) {
          high = value;
          highest = at;
        }
      } else if (gap < 0) gap = at;
    }
    const isDrawn = (at: number): boolean => (y[at] as number) > above && (y[at] as number) < Infinity;
    let firstDrawn = lowest < 0 ? -1 : index;
    let lastDrawn = lowest < 0 ? -1 : next - 1;
    if (lowest >= 0) {
      while (!isDrawn(firstDrawn)) firstDrawn++;
      while (!isDrawn(lastDrawn)) lastDrawn--;
    }
    if (gap >= 0) {
      let marked = false;
      for (let at = gap; at < next; at++) {
        if (isDrawn(at)) continue;
        if (Number.isFinite(y[at])) hidden = true;
        else if (!marked) {
          marks.push(x[at] as number);
          marked = true;
        }
      }
    }
    picked[0] = firstDrawn;
    picked[1] = lowest;
    picked[2] = highest;
    picked[3] = lastDrawn;
    picked[4] = gap;
    sortFew(picked);
    let before = -1;
    for (let at = 0; at < picksAColumn; at++) {
      const chosen = picked[at] as number;
      if (chosen === before) continue;
      before = chosen;
      const value = y[chosen] as number;
      drawnX[count] = x[chosen] as number;
      drawnY[count] = value > above && value < Infinity ? value : Number.NaN;
      count++;
    }
    index = next;
  }
  return {
    x: drawnX.subarray(0, count),
    y: drawnY.subarray(0, count),
    marks: Float64Array.from(marks),
    hidden,
  };
}

/** Sorts in place; for so few numbers many times faster than the array's own. What was not found is -1 and comes first. */
function sortFew(numbers: Int32Array): void {
  for (let at = 1; at < numbers.length; at++) {
    const moved = numbers[at] as number;
    let to = at;
    for (; to > 0 && (numbers[to - 1] as number) > moved; to--) numbers[to] = numbers[to - 1] as number;
    numbers[to] = moved;
  }
}

/** Where the column of pixels ends in which an x lies; what is left of the view is a column of its own. */
type ColumnEnd = (x: number) => number;

function evenColumns(from: number, to: number, columns: number): ColumnEnd {
  const width = (to - from) / columns;
  return (x) => {
    if (x < from) return from;
    return width > 0 ? from + (Math.floor((x - from) / width) + 1) * width : Infinity;
  };
}

function logColumns(from: number, to: number, columns: number): ColumnEnd {
  const width = Math.log(to / from) / columns;
  return (x) => {
    if (x < from) return from;
    return width > 0 ? from * Math.exp((Math.floor(Math.log(x / from) / width) + 1) * width) : Infinity;
  };
}

/** The first index in from..end whose value is not below `wanted`, looked for near `from` first. */
function firstFrom(sorted: Float64Array, from: number, end: number, wanted: number): number {
  let reach = 1;
  while (from + reach < end && (sorted[from + reach] as number) < wanted) reach *= 2;
  let low = from + (reach >> 1);
  let high = Math.min(end, from + reach);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < wanted) low = middle + 1;
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
    if ((sorted[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
