import type { z } from 'zod';
import type {
  Evaluation,
  evaluateExport,
  evaluateList,
  EvaluationSummary,
  MetricSummaryOutput,
} from '../../../src-preload/contract/commands/evaluate.ts';
import type { EvaluationComparison } from '../../../src-preload/contract/commands/evaluate-compare.ts';
import type { metricsList } from '../../../src-preload/contract/commands/metrics.ts';
import { unusualOf } from '../../../src-preload/contract/comparison/system-words.ts';
import type { systemsList } from '../../../src-preload/contract/commands/systems.ts';
import { oneLine, pairs, table, wrap } from '../layout.ts';
import { count, significant } from '../numbers.ts';
import { date } from './anything.ts';

/** Reasons of blanks that are told below the table. */
const reasonsShown = 6;
const worstShown = 5;

/** Means with intervals and n, why figures are missing, and the worst recordings. */
export function renderEvaluation(output: unknown, columns: number): string[] {
  const result = output as Evaluation;
  const { settings, selection, summary, code, rows } = result;
  const lines = pairs(
    [
      ['evaluation', `${result.evaluation.slice(0, 8)}, ${stateWords(result)}`],
      ['system', systemWords(result.system)],
      ['recordings', selectionWords(selection)],
      ['judged at', settings.rateHz === null ? 'the rate of each recording' : `${count(settings.rateHz)} Hz`],
      [
        'alignment',
        `${settings.align}; gain ${settings.matchGain ? 'matched' : 'as it is'}; lengths ${settings.trim ? 'cut to the shorter' : 'as they are'}`,
      ],
    ],
    '',
    columns,
  );
  const figures: [string, MetricSummaryOutput][] = Object.entries(summary);
  if (result.bitsPerSecond) figures.push(['bits_per_second', result.bitsPerSecond]);
  lines.push(
    '',
    ...table(
      [
        { title: 'metric' },
        { title: 'n', align: 'right' },
        { title: 'mean', align: 'right' },
        { title: '95 % interval', align: 'right' },
        { title: 'median', align: 'right', optional: true },
        { title: 'blank', align: 'right' },
      ],
      figures.map(([key, one]) => [
        key,
        count(one.n),
        value(one.mean),
        one.interval ? `${value(one.interval.low)} to ${value(one.interval.high)}` : '-',
        value(one.median),
        count(one.blanks.reduce((sum, { rows: those }) => sum + those, 0)),
      ]),
      columns,
    ),
  );
  const blanks = figures.flatMap(([key, { blanks: those }]) =>
    those.map(({ reason, rows: times }) => `${key}, ${count(times)} times: ${oneLine(reason)}`),
  );
  if (blanks.length > 0) {
    const more = blanks.length > reasonsShown ? [`and ${blanks.length - reasonsShown} more reasons`] : [];
    lines.push(
      '',
      'Blank',
      ...[...blanks.slice(0, reasonsShown), ...more].flatMap((text) => hanging(text, columns)),
    );
  }
  if (code) {
    lines.push(
      '',
      `Code: ${count(code.numbersPerClip)} numbers of ${code.bitsPerCodeNumber} bits a clip${code.entropyBits === null ? '' : `, entropy ${significant(code.entropyBits, 3)} bits, perplexity ${significant(code.perplexity ?? 0, 3)}`}`,
      ...(code.note === null ? [] : hanging(code.note, columns)),
    );
  }
  lines.push(...worst(rows, result, columns));
  for (const warning of result.warnings) lines.push('', ...wrap(`note: ${oneLine(warning)}`, columns));
  if (result.files.length > 0) lines.push('', `Written: ${result.files.map(oneLine).join(', ')}`);
  return lines;
}

/** The recordings that came out worst by the first metric that has figures. */
function worst(rows: Evaluation['rows'], { summary }: Evaluation, columns: number): string[] {
  const key = Object.entries(summary).find(([, { n }]) => n > 1)?.[0];
  if (key === undefined) return [];
  const judged = rows.flatMap((row) => {
    const figure = row.figures[key as keyof typeof row.figures];
    return typeof figure === 'number' ? [{ row, figure }] : [];
  });
  const lower = /^(rmse|lsd_db|mcd|f0|voicing)/.test(key);
  judged.sort((a, b) => (lower ? b.figure - a.figure : a.figure - b.figure));
  return [
    '',
    ...table(
      [{ title: `worst by ${key}` }, { title: key, align: 'right' }, { title: 'lag', align: 'right' }],
      judged
        .slice(0, worstShown)
        .map(({ row, figure }) => [
          oneLine(row.recording),
          value(figure),
          row.lagSamples === null ? '-' : `${significant(row.lagSamples, 3)} samples`,
        ]),
      columns,
    ),
  ];
}

export function renderEvaluationList(output: unknown, columns: number): string[] {
  const { evaluations } = output as z.output<typeof evaluateList.output>;
  if (evaluations.length === 0)
    return ['No evaluations yet. Begin one with: evaluate --run RUN --split test'];
  return table(
    [
      { title: 'evaluation' },
      { title: 'system' },
      { title: 'recordings' },
      { title: 'state' },
      { title: 'pesq_nb', align: 'right', optional: true },
      { title: 'pesq_wb', align: 'right', optional: true },
      { title: 'stoi', align: 'right', optional: true },
      { title: 'begun', optional: true },
    ],
    evaluations.map((one) => [
      one.evaluation.slice(0, 8),
      systemWords(one.system),
      selectionWords(one.selection),
      stateWords(one),
      value(one.means['pesq_nb'] ?? null),
      value(one.means['pesq_wb'] ?? null),
      value(one.means['stoi'] ?? null),
      date(one.createdMs),
    ]),
    columns,
  );
}

/** A block a metric: the mean of each, and how the others differ from the first. */
export function renderEvaluationComparison(output: unknown, columns: number): string[] {
  const { evaluations, recordings, metrics, warnings } = output as EvaluationComparison;
  const rows = metrics.flatMap(({ key, better, columns: cells }) =>
    cells.map(({ n, mean, interval, difference }, at) => [
      at === 0 ? `${key} (${better} is better)` : '',
      systemName(evaluations[at]),
      count(n),
      value(mean),
      interval ? `${value(interval.low)} to ${value(interval.high)}` : '-',
      difference ? value(difference.mean) : '',
      difference?.interval ? `${value(difference.interval.low)} to ${value(difference.interval.high)}` : '',
      difference?.wilcoxon ? pWords(difference.wilcoxon.pValue) : '',
    ]),
  );
  return [
    `${count(recordings)} recordings that all judged; differences are from ${systemName(evaluations[0])}`,
    '',
    ...table(
      [
        { title: 'metric' },
        { title: 'system' },
        { title: 'n', align: 'right' },
        { title: 'mean', align: 'right' },
        { title: '95 % interval', align: 'right', optional: true },
        { title: 'difference', align: 'right' },
        { title: '95 % interval', align: 'right' },
        { title: 'Wilcoxon p', align: 'right' },
      ],
      rows,
      columns,
    ),
    ...warnings.flatMap((warning) => ['', ...wrap(`note: ${warning}`, columns)]),
  ];
}

export function renderEvaluationExport(output: unknown): string[] {
  const { rows, files, text } = output as z.output<typeof evaluateExport.output>;
  if (text !== null) return text.trimEnd().split(/\r?\n/);
  return [`${count(rows)} rows are in ${files.map(oneLine).join(', ')}`];
}

export function renderMetricsList(output: unknown, columns: number): string[] {
  const { metrics } = output as z.output<typeof metricsList.output>;
  return metrics.flatMap(({ key, title, variant, unit, range, better, ratesHz, source }, at) => [
    ...(at === 0 ? [] : ['']),
    `${key}: ${title}`,
    ...pairs(
      [
        ['variant', variant],
        ['unit', unit || 'none'],
        ['range', `${range[0] ?? 'no least'} to ${range[1] ?? 'no most'}, ${better} is better`],
        ['rates', ratesHz ? `${ratesHz.join(' and ')} Hz` : 'any'],
        ['source', source],
      ],
      '  ',
      columns,
    ),
  ]);
}

export function renderSystemsList(output: unknown, columns: number): string[] {
  const { systems } = output as z.output<typeof systemsList.output>;
  if (systems.length === 0)
    return ['No external systems. Make one known with: systems add DIR --dataset D --name N'];
  return table(
    [
      { title: 'system' },
      { title: 'dataset' },
      { title: 'matched', align: 'right' },
      { title: 'missing', align: 'right' },
      { title: 'unmatched', align: 'right' },
      { title: 'ambiguous', align: 'right' },
      { title: 'folder', optional: true },
    ],
    systems.map((one) => [
      oneLine(one.name),
      oneLine(one.datasetName),
      count(one.matched),
      count(one.missing),
      count(one.unmatched),
      count(one.ambiguous),
      oneLine(one.folder),
    ]),
    columns,
  );
}

function systemName(one: EvaluationSummary | undefined): string {
  if (!one) return '';
  const { system } = one;
  return system.kind === 'run' ? `${oneLine(system.name)}@${system.step}` : oneLine(system.name);
}

function systemWords(system: EvaluationSummary['system']): string {
  switch (system.kind) {
    case 'run': {
      return [`${oneLine(system.name)} at step ${count(system.step)}`, ...unusualOf(system)].join(', ');
    }
    case 'external':
      return `${oneLine(system.name)} (folder)`;
    case 'baseline':
      return `${oneLine(system.name)} (baseline)`;
  }
}

function selectionWords({ dataset, recordings }: EvaluationSummary['selection']): string {
  if (!dataset) return `${count(recordings)} files`;
  return `${count(recordings)} of ${oneLine(dataset.name)}, ${dataset.split}`;
}

function stateWords({ state, done, total, failed }: EvaluationSummary): string {
  const far = state === 'finished' ? state : `${state} at ${count(done)} of ${count(total)}`;
  return failed > 0 ? `${far}, ${count(failed)} could not be judged` : far;
}

function value(of: number | null): string {
  return of === null ? '-' : significant(of, 4);
}

function pWords(p: number): string {
  return p < 1e-4 ? p.toExponential(1) : significant(p, 2);
}

function hanging(text: string, columns: number): string[] {
  return wrap(text, columns - 2).map((line) => `  ${line}`);
}
