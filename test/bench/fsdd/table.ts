import type { BenchRow } from '../report.ts';
import type { Figure } from './experiment.ts';

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

/** How the columns of such a table were measured, columns that were measured alike together: as the first row tells that has them. */
export function columnNotes(figures: readonly Pick<Figure, 'name' | 'note'>[]): string {
  const told = new Map<string, string>();
  for (const { name, note } of figures) if (note !== undefined && !told.has(name)) told.set(name, note);
  const columns = Map.groupBy(told.keys(), (name) => told.get(name) ?? '');
  return [...columns].map(([note, names]) => `${names.join(', ')}: ${note}.`).join(' ');
}

function cell(row: BenchRow | undefined): string {
  if (!row || row.value === null) return '';
  const spread = row.spread ? ` (${row.spread.map(short).join(' to ')})` : '';
  return `${short(row.value)}${spread}`;
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
