import type { BenchRow } from '../report.ts';

/** Rows called `experiment: figure` as a Markdown table: a row an experiment, a column a figure; the median of its seeds. */
export function markdownTable(rows: readonly BenchRow[]): string {
  const experiments = new Map<string, Map<string, BenchRow>>();
  const columns = new Map<string, string>();
  for (const row of rows) {
    const [experiment = '', figure = ''] = row.what.split(/: (.*)/s);
    const figures = experiments.get(experiment) ?? new Map<string, BenchRow>();
    experiments.set(experiment, figures.set(figure, row));
    columns.set(figure, row.unit);
  }
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const heads = [...columns].map(([figure, unit]) => (unit === '' ? figure : `${figure} (${unit})`));
  return [
    line(['model', ...heads]),
    line(['---', ...heads.map(() => '---')]),
    ...[...experiments].map(([experiment, figures]) =>
      line([experiment, ...[...columns.keys()].map((figure) => cell(figures.get(figure)))]),
    ),
  ].join('\n');
}

function cell(row: BenchRow | undefined): string {
  if (!row || row.value === null) return '';
  const spread = row.spread ? ` (${row.spread.map(short).join(' to ')})` : '';
  return `${short(row.value)}${spread}`;
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
