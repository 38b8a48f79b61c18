import type { BenchmarkRow, BenchmarkTable } from '../../../src-preload/contract/commands/benchmark.ts';
import type { Speed } from '../../../src-preload/contract/commands/evaluate.ts';
import type { MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import { printed, printedScale } from '../../../src-preload/contract/comparison/benchmark.ts';
import { parseOtherSystem } from '../../../src-preload/contract/comparison/other-systems.ts';
import { judgedWords, parseJudgedRun } from '../../../src-preload/contract/comparison/judged-runs.ts';
import { formatCount, formatCountOf, formatTime, nothing } from '../../state/format.ts';

type Column = BenchmarkTable['columns'][number];

/** 'RMSE, normalised × 10⁻²': a metric as the heading of a column. */
export function columnTitle({ key, title }: Pick<Column, 'key' | 'title'>): string {
  return `${title} ${printedScale(key).unit}`.trim();
}

/** A figure as a column shows it, with a true minus. */
export function shownFigure(key: MetricKey, value: number | null | undefined, digits?: number): string {
  return value === null || value === undefined ? nothing : printed(key, value, digits).replace('-', '−');
}

/** '5.69 to 15.61'. */
export function shownInterval(
  key: MetricKey,
  interval: { low: number; high: number } | null | undefined,
): string {
  return interval ? `${shownFigure(key, interval.low)} to ${shownFigure(key, interval.high)}` : '';
}

/** Which checkpoint: 'step 4,000'; weights from elsewhere have no steps. */
export function checkpointText({ step, origin }: NonNullable<BenchmarkRow['run']>): string {
  return origin === null ? `step ${formatCount(step)}` : 'imported';
}

/** 'vrnn-wsj0, step 4,000'. */
export function rowTitle({ title, run }: Pick<BenchmarkRow, 'title' | 'run'>): string {
  return run ? `${title}, ${checkpointText(run)}` : title;
}

/** A system before it is looked up: for a form. */
export function systemTitle(system: string, nameOf: (run: string) => string | undefined): string {
  const other = parseOtherSystem(system);
  if (other) return other.system;
  const { run, step, ...how } = parseJudgedRun(system);
  const words = judgedWords(how);
  return [
    nameOf(run) ?? run,
    ...(words === '' ? [] : [words]),
    step === null ? 'best checkpoint' : `step ${formatCount(step)}`,
  ].join(', ');
}

/** How a real-time factor came about, in sentences. */
export function speedDetail({
  realTimeFactor,
  recordings,
  seconds,
  passes,
  device,
  backend,
  threads,
  load,
  cores,
  measuredMs,
}: Speed): string {
  const times = 1 / realTimeFactor;
  return [
    `${times >= 10 ? times.toFixed(0) : times.toFixed(1)} times as fast as real time, from decoded samples to samples.`,
    `${formatCountOf(recordings, 'recording')} (${seconds.toFixed(0)} s of sound), median of ${formatCountOf(passes, 'pass', 'passes')}.`,
    `${device}, ${backend}${threads === null ? '' : `, ${formatCountOf(threads, 'thread')}`}; before it began ${load.toFixed(1)} of ${cores} cores were wanted.`,
    `Measured ${formatTime(measuredMs)}.`,
  ].join(' ');
}

/** 0.0632 as '0.063'. */
export function speedText(speed: Speed | null): string {
  return speed ? speed.realTimeFactor.toPrecision(2) : nothing;
}
