/** A value with the step that it was measured at. */
export interface MeasuredPoint {
  step: number;
  value: number;
}

/** What is known of one curve of a run. `at` is the last row at or before the step that was asked for. */
export interface CurveSummary {
  split: string;
  key: string;
  min: MeasuredPoint | null;
  max: MeasuredPoint | null;
  last: MeasuredPoint | null;
  at: MeasuredPoint | null;
}

export const metricPicks = ['best', 'last', 'min', 'max', 'at'] as const;
export type MetricPick = (typeof metricPicks)[number];

/** Which way a metric is better; null where neither is (a rate, a schedule, a norm). */
export type Direction = 'lower' | 'higher' | null;

const neither = new Set(['kl', 'learningRate', 'beta', 'gradientNorm', 'temperature', 'commitment']);
const higher = /^(pesq|stoi|estoi|si-?sdr|si-?snr|snr|psnr|accuracy|perplexity|activeUnits|usedCodes)/i;

/** Losses fall, unless a metric's name is one of those that are known to rise. */
export function directionOf(key: string): Direction {
  if (neither.has(key)) return null;
  return higher.test(key) ? 'higher' : 'lower';
}

/** The value of a curve that a table shows, with its step; null where there is none. Where none is better, the best is the last. */
export function pickValue(curve: CurveSummary | undefined, pick: MetricPick): MeasuredPoint | null {
  if (!curve) return null;
  if (pick !== 'best') return curve[pick];
  const direction = directionOf(curve.key);
  return direction === null ? curve.last : direction === 'lower' ? curve.min : curve.max;
}
