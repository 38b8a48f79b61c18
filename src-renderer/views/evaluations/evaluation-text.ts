import type { EvaluationSummary } from '../../../src-preload/contract/commands/evaluate.ts';
import type { PairedDifference } from '../../../src-preload/contract/commands/evaluate-compare.ts';
import type { MetricFacts } from '../../../src-preload/contract/commands/metrics.ts';
import { unusualOf } from '../../../src-preload/contract/comparison/system-words.ts';
import { formatCount, formatCountOf, formatValue, nothing } from '../../state/format.ts';

/** What a system is called in one line. */
export function systemText({ system }: Pick<EvaluationSummary, 'system'>): string {
  if (system.kind !== 'run') return system.name;
  return [system.name, `step ${formatCount(system.step)}`, ...unusualOf(system)].join(', ');
}

/** What kind of thing it is. */
export function kindText({ system }: Pick<EvaluationSummary, 'system'>): string {
  switch (system.kind) {
    case 'run':
      return 'Run';
    case 'external':
      return 'Folder of sounds';
    case 'baseline':
      return 'Baseline';
  }
}

/** All that a system is, for a tooltip. */
export function systemDetail({ system }: Pick<EvaluationSummary, 'system'>): string {
  switch (system.kind) {
    case 'run':
      return `Checkpoint ${system.checkpointSha256.slice(0, 12)}, epoch ${system.epoch}; Griffin-Lim with ${system.iterations} iterations, seed ${system.seed}`;
    case 'external':
      return system.folder;
    case 'baseline':
      return system.settings;
  }
}

/** Which recordings. */
export function selectionText({ selection }: Pick<EvaluationSummary, 'selection'>): string {
  const { dataset, recordings } = selection;
  if (!dataset) return formatCountOf(recordings, 'file');
  const limited = dataset.limit === null ? '' : ' drawn';
  return `${dataset.name}, ${dataset.split}: ${formatCount(recordings)}${limited}`;
}

/** How they were judged, in a line. */
export function settingsText({ settings }: Pick<EvaluationSummary, 'settings'>): string {
  const { rateHz, align, trim, matchGain, mostSec } = settings;
  return [
    rateHz === null ? "at each recording's rate" : `at ${formatCount(rateHz)} Hz`,
    align === 'off'
      ? 'not aligned'
      : `aligned (${align === 'integer' ? 'whole samples' : 'between samples'})`,
    matchGain ? 'gain matched' : 'gain as it is',
    trim ? 'cut to the shorter' : 'lengths as they are',
    ...(mostSec === null ? [] : [`first ${mostSec} s`]),
  ].join(' · ');
}

/** Behind the point, by unit. */
const digitsOf: Readonly<Record<string, number>> = { cents: 0, nats: 1 };

/** A figure with digits that suit its metric. */
export function figureText(
  value: number | null | undefined,
  metric: Pick<MetricFacts, 'unit' | 'key'>,
): string {
  if (value === null || value === undefined) return nothing;
  if (metric.key.startsWith('rmse')) return formatValue(value);
  const digits = /stoi|pesq/.test(metric.key) ? 3 : (digitsOf[metric.unit] ?? 2);
  return value.toFixed(digits).replace('-', '−');
}

/** '0.812 to 0.845'. */
export function intervalText(
  interval: { low: number; high: number } | null,
  metric: Pick<MetricFacts, 'unit' | 'key'>,
): string {
  return interval ? `${figureText(interval.low, metric)} to ${figureText(interval.high, metric)}` : nothing;
}

/** A p value: small ones as a bound. */
export function pText(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}

/** Which way a paired difference points, where its interval leaves out zero. */
export function differenceTone(
  { interval }: Pick<PairedDifference, 'interval'>,
  better: 'higher' | 'lower',
): 'good' | 'bad' | null {
  if (!interval || (interval.low <= 0 && interval.high >= 0)) return null;
  return interval.low > 0 === (better === 'higher') ? 'good' : 'bad';
}

/** How a paired difference was tested, in sentences. */
export function testText({ wilcoxon, better, worse, ties }: PairedDifference): string {
  const counts = `Better on ${formatCount(better)}, worse on ${formatCount(worse)}, the same on ${formatCount(ties)}.`;
  if (!wilcoxon) return counts;
  const { method, n } = wilcoxon;
  return `Wilcoxon signed-rank, two-sided, ${method}; ${formatCountOf(n, 'difference')} other than zero. ${counts}`;
}
