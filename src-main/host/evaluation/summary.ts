import { setImmediate } from 'node:timers/promises';
import type {
  Evaluation,
  EvaluationRow,
  EvaluationSummary,
  MetricSummaryOutput,
} from '../../../src-preload/contract/commands/evaluate.ts';
import type { MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import { codeFigures } from '../../metrics/code-figures.ts';
import { bootstrapMean, meanOf, medianOf } from '../../metrics/statistics/bootstrap.ts';
import type { StoredEvaluation, StoredEvaluationRow } from '../../store/database/evaluations.ts';
import type { Services } from '../services.ts';
import {
  aboutSchema,
  type CodeSummary,
  type EvaluationItem,
  type EvaluationResult,
  itemSchema,
  outcomeSchema,
  resultSchema,
  type Tally,
} from './stored.ts';
import { underWay } from './under-way.ts';

/** A row with what it was made of. */
export interface JudgedRow {
  item: EvaluationItem;
  result: EvaluationResult | null;
}

/** Seed of every bootstrap, so that the same rows show the same interval everywhere. */
export const bootstrapSeed = 0;
/** Rows that are read before other work has its turn. */
const rowsParsedTogether = 2000;

/** Counts and means of the rows that are judged. */
export function tallyOf(rows: readonly JudgedRow[], metrics: readonly MetricKey[]): Tally {
  const results = rows.flatMap(({ result }) => result ?? []);
  return {
    done: results.length,
    failed: results.filter(({ failed }) => failed !== null).length,
    means: Object.fromEntries(
      metrics.map((key) => [key, meanOf(results.flatMap(({ figures }) => figures[key] ?? []))]),
    ),
  };
}

/** How far an evaluation has got: as it was noted at its end, or from its rows. */
export async function storedTally(
  stored: StoredEvaluation,
  { database }: Pick<Services, 'database'>,
): Promise<Tally> {
  if (stored.outcome !== null) return outcomeSchema.parse(stored.outcome).tally;
  const { metrics } = aboutSchema.parse(stored.about).settings;
  return tallyOf(await judgedRows(await database.evaluationRows(stored.id)), metrics);
}

/** An evaluation as lists show it. */
export function summaryOf(
  stored: StoredEvaluation,
  tally: Tally,
  { hub }: Pick<Services, 'hub'>,
): EvaluationSummary {
  const { system, selection, settings, versions } = aboutSchema.parse(stored.about);
  const outcome = stored.outcome === null ? null : outcomeSchema.parse(stored.outcome);
  const broken = stored.state === 'running' && !underWay(hub).has(stored.id);
  return {
    evaluation: stored.id,
    state: broken ? 'interrupted' : stored.state,
    createdMs: stored.createdMs,
    endedMs: stored.endedMs,
    done: tally.done,
    total: stored.total,
    failed: tally.failed,
    system,
    selection,
    settings,
    versions,
    error: outcome?.error ?? null,
    means: tally.means,
    speed: outcome?.speed ?? null,
  };
}

/** Rows as the index has them. Lets other work have its turn. */
export async function judgedRows(stored: readonly StoredEvaluationRow[]): Promise<JudgedRow[]> {
  const rows: JudgedRow[] = [];
  for (const [place, { item, result }] of stored.entries()) {
    if (place % rowsParsedTogether === rowsParsedTogether - 1) await setImmediate();
    rows.push({
      item: itemSchema.parse(item),
      result: result === null ? null : resultSchema.parse(result),
    });
  }
  return rows;
}

/** An evaluation with its intervals and rows. */
export async function shownEvaluation(
  stored: StoredEvaluation,
  services: Pick<Services, 'hub' | 'database'>,
): Promise<Evaluation> {
  const rows = await judgedRows(await services.database.evaluationRows(stored.id));
  const { metrics } = aboutSchema.parse(stored.about).settings;
  const short = summaryOf(stored, tallyOf(rows, metrics), services);
  const shown = rows.flatMap(({ item, result }) => (result ? [rowOf(item, result)] : []));
  const summary: Evaluation['summary'] = {};
  for (const key of short.settings.metrics) {
    await setImmediate();
    summary[key] = metricSummary(shown, key);
  }
  const rates = shown.flatMap(({ bitsPerSecond }) => bitsPerSecond ?? []);
  return {
    ...short,
    summary,
    bitsPerSecond: rates.length === 0 ? null : { ...figuresOf(rates), blanks: [] },
    code: codeSummary(rows, short),
    rows: shown,
    warnings: [...new Set(shown.flatMap(({ warnings }) => warnings.map(withoutFile)))].slice(0, 20),
    files: [],
  };
}

function rowOf(
  { recording, label, speaker }: EvaluationItem,
  { fromSec: _fromSec, codeNumbers: _numbers, code: _code, ...result }: EvaluationResult,
): EvaluationRow {
  return { recording, label, speaker, ...result };
}

/** Warnings of many recordings are told once, without what is the recording's own. */
function withoutFile(warning: string): string {
  return warning
    .replace(/\(\d+ and \d+ samples\)/, '(by a few samples)')
    .replace(/^\S*[/\\]\S* has/, 'A recording has')
    .replace(/of [\d.]+ s are/, 'of longer recordings are');
}

/** One metric over the rows: its blanks with their reasons, most frequent first. */
export function metricSummary(
  rows: readonly Pick<EvaluationRow, 'figures' | 'reasons' | 'failed'>[],
  key: MetricKey,
): MetricSummaryOutput {
  const values: number[] = [];
  const reasons = new Map<string, number>();
  for (const { figures, reasons: why, failed } of rows) {
    const value = figures[key];
    if (typeof value === 'number') values.push(value);
    else {
      const reason = failed?.message ?? why[key] ?? 'not measured';
      // What cannot be read names its file, which would make every reason one of its own.
      const words = failed ? `could not be judged (${failed.code})` : reason;
      reasons.set(words, (reasons.get(words) ?? 0) + 1);
    }
  }
  const blanks = [...reasons].map(([reason, count]) => ({ reason, rows: count }));
  return { ...figuresOf(values), blanks: blanks.sort((a, b) => b.rows - a.rows) };
}

function figuresOf(values: readonly number[]): Omit<MetricSummaryOutput, 'blanks'> {
  return {
    n: values.length,
    mean: meanOf(values),
    median: medianOf(values),
    interval: bootstrapMean(values, bootstrapSeed),
  };
}

function codeSummary(rows: readonly JudgedRow[], { system }: EvaluationSummary): CodeSummary | null {
  if (system.kind !== 'run') return null;
  const results = rows.flatMap(({ result }) => (result?.codeNumbers ? [result] : []));
  const numbersPerClip = results[0]?.codeNumbers;
  if (!numbersPerClip) return null;
  const codes = results.flatMap(({ code }) => code ?? []);
  const figures = codes.length > 0 ? codeFigures(codes, numbersPerClip) : null;
  const clips = figures ? codes.length / numbersPerClip : 0;
  const cells = 2 ** system.bitsPerCodeNumber;
  return {
    numbersPerClip,
    bitsPerCodeNumber: system.bitsPerCodeNumber,
    entropyBits: figures?.entropyBits ?? null,
    perplexity: figures?.perplexity ?? null,
    clips,
    note: !figures
      ? 'A code of floats has no cells to count: evaluate with fewer bits for its entropy.'
      : clips < 10 * cells
        ? `Counted over ${clips} clips, which are few for ${cells} cells: the true entropy is higher.`
        : null,
  };
}
