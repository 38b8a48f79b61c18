import { PhiloxWords } from '../../random/philox.ts';

export interface Interval {
  low: number;
  high: number;
}

/** Resamples of an interval: its ends then move by a hundredth of its width from seed to seed. */
const resamples = 2000;
/** Draws of one interval at most: beyond some thousand values fewer resamples are as good as more. */
const mostDraws = 4_000_000;
const leastResamples = 400;

/**
 * The 95 % percentile bootstrap interval of the mean of `values`: B. Efron, "Bootstrap methods: another look at the
 * jackknife", Annals of Statistics 7, 1979. The same values and seed give the same interval on every machine. Null of fewer
 * than two values, which say nothing of their spread.
 */
export function bootstrapMean(values: readonly number[], seed = 0): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const words = new PhiloxWords(seed, 0);
  const count = Math.max(leastResamples, Math.min(resamples, Math.floor(mostDraws / n)));
  const means = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    let sum = 0;
    for (let draw = 0; draw < n; draw++) sum += values[Math.floor((words.next() / 2 ** 32) * n)]!;
    means[at] = sum / n;
  }
  means.sort();
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/** Of `sorted`, between neighbours linearly. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}

export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function medianOf(values: readonly number[]): number | null {
  return values.length === 0
    ? null
    : quantile(
        values.toSorted((a, b) => a - b),
        0.5,
      );
}
