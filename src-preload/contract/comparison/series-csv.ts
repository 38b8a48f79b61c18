import { csvText } from './csv.ts';

/** One curve, as a table takes it. */
export interface TableSeries {
  split: string;
  key: string;
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
  epochs: ArrayLike<number>;
  wallMs: ArrayLike<number>;
  processMs: ArrayLike<number>;
}

/**
 * Curves as a table: a row a split and step in that order, a column a metric; an empty cell where a metric was not measured
 * at that step, NaN and Infinity as words. `wallMs` is the time of day in milliseconds since 1970, `processMs` that of the
 * trainer without its pauses.
 */
export function seriesCsv(series: readonly TableSeries[]): string {
  const keys = [...new Set(series.map(({ key }) => key))];
  const rows: unknown[][] = [];
  for (const split of new Set(series.map((one) => one.split))) {
    const bySteps = new Map<number, unknown[]>();
    for (const { key, steps, values, epochs, wallMs, processMs } of series.filter(
      (one) => one.split === split,
    )) {
      const column = keys.indexOf(key) + 5;
      for (let at = 0; at < steps.length; at++) {
        const step = steps[at] as number;
        let row = bySteps.get(step);
        if (!row) {
          row = [split, step, epochs[at], wallMs[at], processMs[at], ...keys.map(() => null)];
          bySteps.set(step, row);
        }
        row[column] = values[at];
      }
    }
    rows.push(...[...bySteps].sort(([a], [b]) => a - b).map(([, row]) => row));
  }
  return csvText(['split', 'step', 'epoch', 'wallMs', 'processMs', ...keys], rows);
}
