import type { RealArray } from '../dsp/matrix.ts';

/** `sum_n a[n] b[n]` over what both have. */
export function dot(a: RealArray, b: RealArray): number {
  let sum = 0;
  for (let n = 0; n < Math.min(a.length, b.length); n++) sum += a[n]! * b[n]!;
  return sum;
}

/** `sum_n (a[n] - gain b[n])^2` over what both have. */
export function squaredDistance(a: RealArray, b: RealArray, gain = 1): number {
  let sum = 0;
  for (let n = 0; n < Math.min(a.length, b.length); n++) sum += (a[n]! - gain * b[n]!) ** 2;
  return sum;
}
