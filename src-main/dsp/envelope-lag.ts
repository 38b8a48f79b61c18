import type { Lag } from './lag.ts';
import type { RealArray } from './matrix.ts';

/** Longer than any pitch period: the envelope of voiced speech is to be smooth, or it has the pitch's own ambiguity. */
const windowSec = 0.025;
const hopSec = 0.001;

/**
 * How much later `degraded` comes, in samples, from the course of its level alone: good to a few milliseconds, whatever the
 * phases are. No correlation where either is too short or has no course.
 */
export function envelopeLag(
  reference: RealArray,
  degraded: RealArray,
  sampleRateHz: number,
  mostLagSec: number,
): Lag {
  const hop = Math.max(1, Math.round(hopSec * sampleRateHz));
  const window = Math.max(hop, Math.round(windowSec * sampleRateHz));
  const [one, other] = [envelope(reference, window, hop), envelope(degraded, window, hop)];
  const most = Math.ceil((mostLagSec * sampleRateHz) / hop);
  const alike = Float64Array.from({ length: 2 * most + 1 }, (_, at) => likeness(one, other, at - most));
  const peak = alike.indexOf(alike.reduce((best, value) => Math.max(best, value), 0));
  if (peak < 0 || !(alike[peak]! > 0)) return { samples: 0, correlation: 0 };
  const [before, top, after] = [alike[peak - 1] ?? 0, alike[peak]!, alike[peak + 1] ?? 0];
  const bend = before - 2 * top + after;
  const between = bend < 0 ? (0.5 * (before - after)) / bend : 0;
  return { samples: (peak - most + between) * hop, correlation: top };
}

/** Pearson's correlation of what overlaps when the second is taken so many frames later; 0 where that is too little. */
function likeness(one: Float64Array, other: Float64Array, lag: number): number {
  const from = Math.max(0, -lag);
  const to = Math.min(one.length, other.length - lag);
  const count = to - from;
  if (count < 4 || count < 0.5 * Math.min(one.length, other.length)) return 0;
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let at = from; at < to; at++) {
    const [a, b] = [one[at]!, other[at + lag]!];
    sumA += a;
    sumB += b;
    sumAA += a * a;
    sumBB += b * b;
    sumAB += a * b;
  }
  const spread = (sumAA - (sumA * sumA) / count) * (sumBB - (sumB * sumB) / count);
  return spread > 0 ? (sumAB - (sumA * sumB) / count) / Math.sqrt(spread) : 0;
}

/** The amplitude around every hop. */
function envelope(samples: RealArray, window: number, hop: number): Float64Array {
  const sums = new Float64Array(samples.length + 1);
  for (let at = 0; at < samples.length; at++) sums[at + 1] = sums[at]! + samples[at]! * samples[at]!;
  return Float64Array.from({ length: Math.ceil(samples.length / hop) }, (_, frame) => {
    const from = Math.max(0, frame * hop - (window >> 1));
    const to = Math.min(samples.length, from + window);
    return Math.sqrt(Math.max(0, sums[to]! - sums[from]!) / window);
  });
}
