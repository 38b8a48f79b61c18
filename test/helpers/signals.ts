import type { RealArray } from '../../src-main/dsp/matrix.ts';
import { uniformNumbers } from '../../src-main/dsp/random.ts';

/** Repeatable noise, uniform in -1..1. */
export function noise(samples: number, seed = 1): Float64Array {
  return uniformNumbers(seed, samples).map((value) => 2 * value - 1);
}

/** A sine of amplitude 1. */
export function sine(frequencyHz: number, sampleRateHz: number, samples: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) =>
    Math.sin((2 * Math.PI * frequencyHz * n) / sampleRateHz),
  );
}

/** Noise that comes and goes three times a second, to judge as if it were words; `of` makes each its own. */
export function puffs(of: number, samples: number, sampleRateHz: number): Float32Array {
  return Float32Array.from(
    noise(samples, of + 1),
    (value, n) => 0.4 * value * Math.max(0, Math.sin((2 * Math.PI * 3 * n) / sampleRateHz + of)),
  );
}

/** max |a - b| / max |b|: how the golden values' tolerances are given. */
export function relativeError(actual: RealArray, expected: RealArray): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values instead of ${expected.length}`);
  return maxDifference(actual, expected) / Math.max(...expected.map(Math.abs));
}

/** max |a - b|. */
export function maxDifference(actual: RealArray, expected: RealArray): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values instead of ${expected.length}`);
  let largest = 0;
  for (let i = 0; i < actual.length; i++) largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!));
  return largest;
}
