import type { z } from 'zod';
import type {
  BenchmarkCell,
  BenchmarkRow,
  benchmarksList,
  BenchmarkTable,
} from '../../../src-preload/contract/commands/benchmark.ts';
import type { MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import {
  bestOf,
  captionOf,
  papersRows,
  printed,
  printedScale,
} from '../../../src-preload/contract/comparison/benchmark.ts';
import { type Column, oneLine, table, wrap } from '../layout.ts';
import { count, significant } from '../numbers.ts';
import { date } from './anything.ts';

/** A row a system with the paper's row below it; the best of each column has a star. */
export function renderBenchmark(output: unknown, columns: number): string[] {
  const result = output as BenchmarkTable;
  if (result.text !== null) return result.text.trimEnd().split(/\r?\n/);
  const { rows, against, published } = result;
  const best = new Map(result.columns.map(({ key }) => [key, bestOf(result, key)]));
  const dynamical = rows.some((row) => row.dynamical !== null);
  const titles: Column[] = [
    { title: 'system' },
    ...(dynamical
      ? [
          { title: 'AR', optional: true },
          { title: 'true post.', optional: true },
          { title: 'dyn. z', optional: true },
        ]
      : []),
    { title: 'n', align: 'right' },
    ...result.columns.flatMap(({ key, title }): Column[] => [
      { title: `${title} ${printedScale(key).unit}`.trim(), align: 'right' },
      { title: '95 % interval', align: 'right', optional: true },
      ...(against === null ? [] : [{ title: 'p', align: 'right' as const, optional: true }]),
    ]),
    { title: 'RTF', align: 'right' },
    { title: 'parameters', align: 'right', optional: true },
  ];
  const properties = (row: BenchmarkRow): string[] =>
    dynamical
      ? (['autoregressive', 'truePosterior', 'dynamicalLatent'] as const).map((key) =>
          row.dynamical ? (row.dynamical[key] ? 'yes' : 'no') : '-',
        )
      : [];
  const papers = papersRows(rows);
  const lines = rows.flatMap((row) => [
    [
      titleOf(row),
      ...properties(row),
      countsOf(row, result.recordings),
      ...result.columns.flatMap(({ key }) => [
        meanOf(key, row.cells[key]) + (best.get(key)?.includes(row.system) ? '*' : ' '),
        intervalOf(key, row.cells[key]),
        ...(against === null ? [] : [pOf(row.cells[key])]),
      ]),
      row.speed ? significant(row.speed.realTimeFactor, 2) : '-',
      row.parameters === null ? '-' : count(row.parameters),
    ],
    ...(published && papers.includes(row)
      ? [
          [
            `  ${published.document}, ${row.published?.name ?? ''}`,
            ...properties(row).map(() => ''),
            '',
            ...result.columns.flatMap(({ key }) => {
              const figure = row.published?.figures[key];
              const text = figure === undefined ? '' : `${printed(key, figure, 2)} `;
              return [text, '', ...(against === null ? [] : [''])];
            }),
            '',
            '',
          ],
        ]
      : []),
  ]);
  const notes = [
    captionOf(result),
    ...result.warnings,
    ...rows.flatMap((row) => [
      ...row.notes.map((note) => `${titleOf(row)}: ${note}`),
      ...(row.error ? [`${titleOf(row)}: ${row.error.message} ${row.error.remedy}`] : []),
    ]),
  ];
  return [
    ...table(titles, lines, columns),
    ...notes.flatMap((note) => ['', ...wrap(oneLine(note), Math.min(columns, 120))]),
    ...(result.files.length > 0 ? ['', `Written: ${result.files.map(oneLine).join(', ')}`] : []),
  ];
}

export function renderBenchmarksList(output: unknown, columns: number): string[] {
  const { benchmarks } = output as z.output<typeof benchmarksList.output>;
  if (benchmarks.length === 0)
    return ['No benchmarks yet. Begin one with: benchmark RUN RUN --dataset D --name NAME'];
  return table(
    [
      { title: 'benchmark' },
      { title: 'name' },
      { title: 'recordings' },
      { title: 'systems', align: 'right' },
      { title: 'changed', optional: true },
    ],
    benchmarks.map(({ benchmark, name, dataset, split, limit, systems, changedMs }) => [
      benchmark.slice(0, 8),
      oneLine(name),
      `${oneLine(dataset.name)}, ${split}${limit === null ? '' : `, at most ${count(limit)}`}`,
      count(systems.length),
      date(changedMs),
    ]),
    columns,
  );
}

function titleOf({ title, run }: BenchmarkRow): string {
  return run ? `${oneLine(title)}, step ${run.step}` : oneLine(title);
}

function countsOf({ state, done, failed }: BenchmarkRow, recordings: number): string {
  if (state === 'finished') return count(done - failed);
  return done > 0 ? `${state} at ${count(done)} of ${count(recordings)}` : state;
}

function meanOf(key: MetricKey, cell: BenchmarkCell | undefined): string {
  return cell?.mean === undefined || cell.mean === null ? '-' : printed(key, cell.mean);
}

function intervalOf(key: MetricKey, cell: BenchmarkCell | undefined): string {
  return cell?.interval ? `${printed(key, cell.interval.low)} to ${printed(key, cell.interval.high)}` : '-';
}

function pOf(cell: BenchmarkCell | undefined): string {
  const p = cell?.difference?.wilcoxon?.pValue;
  if (p === undefined) return '-';
  return p < 1e-4 ? p.toExponential(1) : significant(p, 2);
}
