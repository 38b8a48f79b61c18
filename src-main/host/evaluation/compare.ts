import { setImmediate } from 'node:timers/promises';
import path from 'node:path';
import type { EvaluationSummary } from '../../../src-preload/contract/commands/evaluate.ts';
import type {
  evaluateCompare,
  EvaluationComparison,
} from '../../../src-preload/contract/commands/evaluate-compare.ts';
import { comparisonCsv } from '../../../src-preload/contract/comparison/evaluations-csv.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import type { MetricFacts } from '../../metrics/metric.ts';
import { evaluationMetrics } from '../../metrics/registry.ts';
import { bootstrapMean, meanOf, medianOf } from '../../metrics/statistics/bootstrap.ts';
import { signedRank } from '../../metrics/statistics/wilcoxon.ts';
import type { HostHandler } from '../services.ts';
import { findEvaluation } from './commands.ts';
import type { EvaluationResult } from './stored.ts';
import { bootstrapSeed, type JudgedRow, judgedRows, storedTally, summaryOf } from './summary.ts';

export type Compared = EvaluationComparison['metrics'][number];

/** An evaluation as it is compared. */
export interface Side {
  summary: EvaluationSummary;
  /** By recording and bytes, so that another file of the same name is another recording. */
  results: Map<string, EvaluationResult>;
}

/** Recording by recording, the first against each other. */
export const handleEvaluateCompare: HostHandler<typeof evaluateCompare> = async (input, { services }) => {
  const sides: Side[] = [];
  for (const which of input.evaluations) {
    const stored = await findEvaluation(which, services);
    if (sides.some(({ summary }) => summary.evaluation === stored.id)) {
      throw new ResynthError('evaluations/same-twice', { evaluation: stored.id });
    }
    const rows = await judgedRows(await services.database.evaluationRows(stored.id));
    sides.push(sideOf(summaryOf(stored, await storedTally(stored, services), services), rows));
  }
  const [first, ...others] = sides as [Side, ...Side[]];
  const shared = [...first.results.keys()].filter((key) => others.every(({ results }) => results.has(key)));
  if (shared.length === 0) throw new ResynthError('evaluations/nothing-shared');
  const compared: Compared[] = [];
  for (const metric of evaluationMetrics) {
    if (!sides.every(({ summary }) => summary.settings.metrics.includes(metric.key))) continue;
    await setImmediate();
    compared.push(compareMetric(metric, sides, shared));
  }
  const comparison: EvaluationComparison = {
    evaluations: sides.map(({ summary }) => summary),
    recordings: shared.length,
    metrics: compared,
    warnings: warningsOf(sides, shared),
  };
  if (input.out !== undefined) await writeFileAtomic(path.resolve(input.out), comparisonCsv(comparison));
  return comparison;
};

/** An evaluation and its rows, to be compared. */
export function sideOf(summary: EvaluationSummary, rows: readonly JudgedRow[]): Side {
  return {
    summary,
    results: new Map(
      rows.flatMap(({ item, result }) =>
        // One that could not be judged is none that was.
        result && !result.failed ? [[JSON.stringify([item.recording, item.contentHash]), result]] : [],
      ),
    ),
  };
}

function compareMetric(metric: MetricFacts, sides: readonly Side[], shared: readonly string[]): Compared {
  const values = sides.map(({ results }) =>
    shared.map((key) => results.get(key)?.figures[metric.key] ?? null),
  );
  const complete = shared.map((_, row) => row).filter((row) => values.every((one) => one[row] !== null));
  const columns = values.map((column) => complete.map((row) => column[row] as number));
  const [base = []] = columns;
  const { key, title, unit, better } = metric;
  return {
    key,
    title,
    unit,
    better,
    columns: columns.map((column, at) => ({
      n: column.length,
      mean: meanOf(column),
      interval: bootstrapMean(column, bootstrapSeed),
      difference: at === 0 ? null : differenceOf(column, base, better),
    })),
  };
}

/** `column` minus `base`, value by value. */
export function differenceOf(
  column: readonly number[],
  base: readonly number[],
  better: MetricFacts['better'],
): Compared['columns'][number]['difference'] {
  const differences = column.map((value, row) => value - base[row]!);
  const good = better === 'higher' ? 1 : -1;
  return {
    n: differences.length,
    mean: meanOf(differences),
    median: medianOf(differences),
    interval: bootstrapMean(differences, bootstrapSeed),
    better: differences.filter((difference) => difference * good > 0).length,
    worse: differences.filter((difference) => difference * good < 0).length,
    ties: differences.filter((difference) => difference === 0).length,
    wilcoxon: signedRank(differences),
  };
}

/** What keeps the figures from being about the same thing. */
export function warningsOf(sides: readonly Side[], shared: readonly string[]): string[] {
  const warnings: string[] = [];
  const [first] = sides;
  if (!first) return warnings;
  const unlike = (what: (side: Side) => unknown): boolean =>
    sides.some((side) => JSON.stringify(what(side)) !== JSON.stringify(what(first)));
  if (unlike(({ summary }) => summary.selection.itemsHash)) {
    warnings.push(`They judged other recordings: only the ${shared.length} that all judged are compared.`);
  }
  for (const [what, words] of [
    [({ summary }: Side) => summary.settings.align, 'alignment'],
    [({ summary }: Side) => summary.settings.matchGain, 'matching of the gain'],
    [({ summary }: Side) => summary.settings.trim, 'trimming'],
    [({ summary }: Side) => summary.settings.rateHz, 'rate'],
    [({ summary }: Side) => summary.versions['metrics'], 'version of the metrics'],
  ] as const) {
    if (unlike(what)) warnings.push(`They were judged with another ${words}.`);
  }
  const otherSpan = shared.filter((key) => {
    const spans = sides.map(({ results }) => results.get(key)?.judgedSec ?? null);
    const known = spans.filter((span) => span !== null);
    return known.length > 1 && Math.max(...known) - Math.min(...known) > 0.05;
  });
  if (otherSpan.length > 0) {
    warnings.push(
      `Of ${otherSpan.length} recordings another span was judged (a run with short clips hears only the beginning): --seconds judges the same span of each.`,
    );
  }
  if (sides.some(({ summary }) => summary.state !== 'finished')) {
    warnings.push('Not all of them are finished: the figures change as they go on.');
  }
  return warnings;
}
