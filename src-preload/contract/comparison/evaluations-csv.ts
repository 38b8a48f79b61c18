import type { EvaluationComparison } from '../commands/evaluate-compare.ts';
import { csvText } from './csv.ts';

const titles = [
  'metric',
  'unit',
  'better',
  'system',
  'evaluation',
  'n',
  'mean',
  'low',
  'high',
  'mean_difference',
  'difference_low',
  'difference_high',
  'better_on',
  'worse_on',
  'same_on',
  'wilcoxon_p',
  'wilcoxon_method',
];

/** A comparison of evaluations as a table: a row a metric and system, differences from the first. */
export function comparisonCsv({ evaluations, metrics }: EvaluationComparison): string {
  return csvText(
    titles,
    metrics.flatMap(({ key, unit, better, columns }) =>
      columns.map(({ n, mean, interval, difference }, at) => [
        key,
        unit,
        better,
        evaluations[at]?.system.name,
        evaluations[at]?.evaluation,
        n,
        mean,
        interval?.low,
        interval?.high,
        difference?.mean,
        difference?.interval?.low,
        difference?.interval?.high,
        difference?.better,
        difference?.worse,
        difference?.ties,
        difference?.wilcoxon?.pValue,
        difference?.wilcoxon?.method,
      ]),
    ),
  );
}
