/** One measured figure. `target` and `ok` are there where issue 3 sets one. */
export interface BenchRow {
  section: string;
  what: string;
  value: number | null;
  unit: string;
  /** Smallest and largest over the rounds. */
  spread?: readonly [number, number];
  target?: string;
  ok?: boolean;
  /** How it was measured, or why it could not be. */
  note?: string;
}

export interface BenchReport {
  machine: { cpu: string; cores: number; memoryGb: number; node: string };
  engine: Record<string, string>;
  rows: BenchRow[];
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('The median of nothing is not defined.');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

export function extremes(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** The rows as a table for a terminal. */
export function formatTable(rows: readonly BenchRow[]): string {
  const header = ['section', 'what', 'value', 'spread', 'target', ''];
  const body = rows.map((row) => [
    row.section,
    row.what,
    row.value === null ? '-' : `${shortNumber(row.value)} ${row.unit}`.trim(),
    row.spread ? row.spread.map(shortNumber).join(' .. ') : '',
    row.target ?? '',
    row.ok === undefined
      ? (row.note ?? '')
      : `${row.ok ? 'met' : 'MISSED'}${row.note ? ` (${row.note})` : ''}`,
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(column === cells.length - 1 ? 0 : (widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(header), rule, ...body.map(line)].join('\n');
}

function shortNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return magnitude >= 10 ? value.toFixed(1) : value.toPrecision(3);
}
