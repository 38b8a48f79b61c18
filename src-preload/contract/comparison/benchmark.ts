import type { z } from 'zod';
import type { BenchmarkRow, BenchmarkSummary, BenchmarkTable } from '../commands/benchmark.ts';
import type { evaluate } from '../commands/evaluate.ts';
import type { MetricKey } from '../commands/metrics.ts';
import { csvText } from './csv.ts';
import { parseJudgedRun } from './judged-runs.ts';
import { latexTable } from './latex.ts';
import { parseOtherSystem } from './other-systems.ts';

/** What page, host and command line reckon alike of a benchmark. */

/** The metrics of papers/004: its PESQ is the raw narrow-band score. */
export const benchmarkMetrics: readonly MetricKey[] = ['rmse_normalised', 'pesq_nb_raw', 'stoi'];

/** What a system of a benchmark is judged by. */
export function evaluateInput(
  { dataset, split, limit, metrics }: Pick<BenchmarkSummary, 'dataset' | 'split' | 'limit' | 'metrics'>,
  system: string,
): z.input<typeof evaluate.input> {
  return {
    ...systemInput(system),
    dataset: dataset.id,
    split,
    ...(limit === null ? {} : { limit }),
    metrics: [metrics.join(',')],
  };
}

function systemInput(system: string): Partial<z.input<typeof evaluate.input>> {
  const other = parseOtherSystem(system);
  if (other) return { [other.kind === 'baseline' ? 'baseline' : 'system']: other.system };
  const { run, step, latent, feedback } = parseJudgedRun(system);
  return {
    run,
    ...(step === null ? {} : { checkpoint: step }),
    ...(latent === 'mean' ? {} : { latent }),
    ...(feedback === 'recording' ? {} : { feedback }),
  };
}

/** By what a metric is multiplied where it is printed, so that it reads as papers/004 has it. */
export function printedScale(key: MetricKey): { factor: number; unit: string } {
  return key === 'rmse_normalised' ? { factor: 100, unit: '× 10⁻²' } : { factor: 1, unit: '' };
}

/** Digits behind the point of a figure as it is printed. */
export function printedDigits(key: MetricKey): number {
  if (/stoi/.test(key)) return 3;
  return /cents|hz/.test(key) ? 0 : 2;
}

/** A figure as it is printed, without its unit. */
export function printed(key: MetricKey, value: number, digits = printedDigits(key)): string {
  return (value * printedScale(key).factor).toFixed(digits);
}

/** What a system still lacks: to be judged, or to be timed; null where nothing does. */
export function lackOf(row: BenchmarkRow): 'figures' | 'speed' | null {
  if (row.state === 'gone' || row.state === 'running') return null;
  if (row.state !== 'finished') return 'figures';
  return row.kind === 'run' && row.speed === null && row.failed < row.done ? 'speed' : null;
}

/** The systems that have the best mean of a metric among those that are judged to the end; none where fewer than two are. */
export function bestOf(
  { rows, columns }: Pick<BenchmarkTable, 'rows' | 'columns'>,
  key: MetricKey,
): string[] {
  const better = columns.find((column) => column.key === key)?.better;
  const judged = rows.flatMap((row) => {
    const mean = row.state === 'finished' ? row.cells[key]?.mean : null;
    // As it is printed: what reads the same is as good.
    return typeof mean === 'number' ? [{ system: row.system, value: Number(printed(key, mean)) }] : [];
  });
  if (judged.length < 2) return [];
  const values = judged.map(({ value }) => value);
  const best = better === 'lower' ? Math.min(...values) : Math.max(...values);
  return judged.filter(({ value }) => value === best).map(({ system }) => system);
}

/** The rows that the paper's figures stand with: of each of its models the first. */
export function papersRows(rows: readonly BenchmarkRow[]): BenchmarkRow[] {
  return rows.filter(
    ({ published: theirs }, at) =>
      theirs && rows.findIndex(({ published: other }) => other?.name === theirs.name) === at,
  );
}

/** The table as CSV: a row a system, with n, mean and interval of each metric, differences, speed and the paper's figures. */
export function benchmarkCsv({ rows, columns, dataset, split, against, published }: BenchmarkTable): string {
  const titles = [
    'system',
    'family',
    'step',
    'codes',
    'frames_before',
    'parameters',
    'autoregressive',
    'true_posterior',
    'dynamical_z',
    'dataset',
    'split',
    'split_hash',
    ...columns.flatMap(({ key }) => [
      ...['n', 'mean', 'low', 'high'].map((what) => `${key}_${what}`),
      ...(against === null ? [] : ['difference', 'p'].map((what) => `${key}_${what}`)),
      ...(published ? [`${key}_published`] : []),
    ]),
    'real_time_factor',
    'device',
    'threads',
    'state',
  ];
  return csvText(
    titles,
    rows.map((row) => [
      row.title,
      row.dynamical?.name ?? row.run?.family,
      row.run?.step,
      ...waysOf(row),
      row.parameters,
      row.dynamical?.autoregressive,
      row.dynamical?.truePosterior,
      row.dynamical?.dynamicalLatent,
      dataset.name,
      split,
      dataset.splitHash,
      ...columns.flatMap(({ key }) => {
        const cell = row.cells[key];
        return [
          ...[cell?.n, cell?.mean, cell?.interval?.low, cell?.interval?.high],
          ...(against === null ? [] : [cell?.difference?.mean, cell?.difference?.wilcoxon?.pValue]),
          ...(published ? [row.published?.figures[key]] : []),
        ];
      }),
      row.speed?.realTimeFactor,
      row.speed?.device,
      row.speed?.threads,
      row.state,
    ]),
  );
}

/** By which codes a run was judged, and from which frames it generated: as `evaluate` calls them. */
function waysOf({ run, dynamical, system }: BenchmarkRow): (string | undefined)[] {
  const { latent, feedback } = parseJudgedRun(system);
  return run ? [latent, dynamical?.autoregressive ? feedback : undefined] : [undefined, undefined];
}

/** The table in LaTeX (booktabs): means with half the width of their intervals, the best in bold, the paper's below. */
export function benchmarkLatex(table: BenchmarkTable): string {
  const { rows, columns, published } = table;
  const best = new Map(columns.map(({ key }) => [key, bestOf(table, key)]));
  const mark = (has: boolean | undefined): string => (has === undefined ? '--' : has ? '$\\checkmark$' : '');
  const properties = rows.some(({ dynamical }) => dynamical !== null);
  const propertiesOf = ({ dynamical }: Pick<BenchmarkRow, 'dynamical'>): string[] =>
    properties
      ? [mark(dynamical?.autoregressive), mark(dynamical?.truePosterior), mark(dynamical?.dynamicalLatent)]
      : [];
  const own = rows.map((row) => [
    { text: row.title },
    ...propertiesOf(row).map((tex) => ({ tex })),
    ...columns.map(({ key }) => {
      const cell = row.cells[key];
      if (cell?.mean === undefined || cell.mean === null) return { tex: '--' };
      const mean = printed(key, cell.mean);
      const bold = best.get(key)?.includes(row.system) ? `\\mathbf{${mean}}` : mean;
      const half = cell.interval ? (cell.interval.high - cell.interval.low) / 2 : null;
      return { tex: `$${bold}${half === null ? '' : ` \\pm ${printed(key, half)}`}$` };
    }),
    { tex: row.speed ? row.speed.realTimeFactor.toPrecision(2) : '--' },
    { tex: row.parameters === null ? '--' : row.parameters.toLocaleString('en-US').replaceAll(',', '{,}') },
  ]);
  const papers = papersRows(rows);
  return latexTable({
    columns: [
      { title: { text: 'Model' }, align: 'l' },
      ...(properties ? ['Autoreg.', 'True post.', 'Dyn. $z_t$'] : []).map(
        (tex) => ({ title: { tex }, align: 'c' }) as const,
      ),
      ...columns.map(({ key, title, better }) => {
        const scale = printedScale(key).factor === 1 ? '' : ' ($\\times 10^{-2}$)';
        const words = titleOf(key) ?? title;
        return {
          title: { tex: `${words}${scale} $${better === 'higher' ? '\\uparrow' : '\\downarrow'}$` },
          align: 'r',
        } as const;
      }),
      { title: { text: 'RTF' }, align: 'r' },
      { title: { text: 'Parameters' }, align: 'r' },
    ],
    blocks: [
      { rows: own },
      ...(published && papers.length > 0
        ? [
            {
              title: `${published.citation}, ${published.dataset}`,
              rows: papers.map((row) => [
                { text: row.published?.name ?? '' },
                ...propertiesOf(row).map((tex) => ({ tex })),
                ...columns.map(({ key }) => {
                  const figure = row.published?.figures[key];
                  return { tex: figure === undefined ? '--' : `$${printed(key, figure, 2)}$` };
                }),
                { tex: '--' },
                { tex: '--' },
              ]),
            },
          ]
        : []),
    ],
    caption: captionOf(table),
  });
}

/** Short names of the metrics of papers/004, for headings. */
function titleOf(key: MetricKey): string | undefined {
  if (key === 'rmse_normalised') return 'RMSE';
  return key === 'pesq_nb_raw' ? 'PESQ (raw NB)' : undefined;
}

/** What a table says of itself wherever it is taken. */
export function captionOf(table: BenchmarkTable): string {
  const { dataset, split, recordings } = table;
  const which = `${recordings} recordings of ${dataset.name} (${split}, split hash ${dataset.splitHash.slice(0, 12)}).`;
  return [which, ...notesOf(table)].join(' ');
}

/** How its figures came about, in sentences. */
export function notesOf({ interval, rows, published }: BenchmarkTable): string[] {
  const timed = rows.flatMap(({ speed }) => speed ?? []);
  const [speed] = timed;
  const unlike = timed.some(({ device, threads }) => device !== speed?.device || threads !== speed.threads);
  const dynamical = rows.filter((row) => row.dynamical !== null);
  const ofClips = rows.filter(({ kind, dynamical: of }) => kind === 'run' && of === null);
  const autoregressive = dynamical.filter((row) => row.dynamical?.autoregressive);
  return [
    `${interval}.`,
    ...(dynamical.length > 0
      ? [
          `Dynamical models take utterances whole and are heard with the phase of the recording${ofClips.length > 0 ? '; models of clips take the beginning of what is longer, with a phase by Griffin-Lim' : ''}.`,
        ]
      : []),
    ...(autoregressive.length > 0
      ? [
          'Autoregressive models (AR) generate from the true frames before, as the published code does, but where a row says free-running.',
        ]
      : []),
    ...(speed
      ? [
          `RTF: seconds of computing a second of sound, on ${speed.device}${speed.threads === null ? '' : ` with ${speed.threads} threads`}${unlike ? '; not all on the same machine and threads' : ''}.`,
        ]
      : []),
    ...(published
      ? [`${published.document} (${published.citation}, ${published.table}): ${published.note}`]
      : []),
  ];
}
