/** One table for a chart: a shared x, and for each curve its value, null for a gap, undefined where it has no point. */
export interface AlignedTable {
  x: number[];
  curves: (number | null | undefined)[][];
}

type Curve = Readonly<{ x: Float64Array; y: Float64Array }>;

/**
 * Puts curves with different x into one table, in order of x. Equal x of different curves share a row. `into` is a table of
 * before that nobody needs any more: its arrays are filled anew, so that a live chart leaves no garbage.
 */
export function alignCurves(curves: readonly Curve[], into?: AlignedTable): AlignedTable {
  const count = curves.length;
  const table: AlignedTable = into?.curves.length === count ? into : { x: [], curves: curves.map(() => []) };
  const at = new Int32Array(count);
  let rows = 0;
  for (;;) {
    let next = Infinity;
    for (let index = 0; index < count; index++) {
      const { x } = curves[index] as Curve;
      const head = at[index] as number;
      if (head < x.length && (x[head] as number) < next) next = x[head] as number;
    }
    if (next === Infinity) break;
    table.x[rows] = next;
    for (let index = 0; index < count; index++) {
      const { x, y } = curves[index] as Curve;
      const column = table.curves[index] as (number | null | undefined)[];
      const head = at[index] as number;
      if (head >= x.length || x[head] !== next) {
        column[rows] = undefined;
        continue;
      }
      const value = y[head] as number;
      column[rows] = Number.isNaN(value) ? null : value;
      at[index] = head + 1;
    }
    rows++;
  }
  table.x.length = rows;
  for (const column of table.curves) {
    column.length = rows;
    widenGaps(column);
  }
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
