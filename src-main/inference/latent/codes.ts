import { philoxNormal } from '../../engine/philox-noise.ts';
import type { Extremes } from '../../dsp/minmax.ts';

/** How codes are made: around the mean of a class, and between two clips. No model is needed here. */

export type Spread = 'unit' | 'diagonal' | 'full';

/** Codes of the clips of one class, told one after the other so that no more than a few have to be held. */
export interface ClassCodes {
  name: string;
  count: number;
  /** Each `[latentDim]`, in the same order however often they are asked for; a code is the reader's until the next one. */
  codes(): AsyncIterable<Float32Array>;
}

/** The mean of a class, `[latentDim]`. */
export async function meanCode({ codes, count }: ClassCodes): Promise<Float32Array> {
  const sums = await summed(codes(), (value) => value);
  return Float32Array.from(sums, (sum) => sum / count);
}

/**
 * Codes drawn around the mean of a class: mean + scale x noise (papers/002, section 8.2, with unit noise and 0.5). Noise
 * is standard normal (`unit`); as wide in each dimension as the class (`diagonal`); or with the covariance of the class
 * (`full`), as a normal combination of its clips' distances from the mean, which needs no decomposition:
 * sum_i g_i (x_i - mean) / sqrt(n - 1) has just that covariance. Draw i of a class depends on seed, name and i alone.
 */
export async function drawAround(
  group: ClassCodes,
  mean: Float32Array,
  { n, seed, scale, spread }: { n: number; seed: number; scale: number; spread: Spread },
): Promise<Float32Array[]> {
  const sites = Array.from({ length: n }, (_, index) => siteOf(`${group.name}\u0000${index}`));
  // Nothing is added at all, rather than nothing but rounding.
  if (scale === 0) return sites.map(() => mean.slice());
  if (spread === 'full')
    return fullDraws(
      group,
      mean,
      scale,
      sites.map((site) => normals(seed, site, group.count)),
    );
  const widths = spread === 'diagonal' ? await deviations(group, mean) : null;
  return sites.map((site) => {
    const noise = normals(seed, site, mean.length);
    return mean.map((value, at) => value + scale * (widths ? widths[at]! : 1) * noise[at]!);
  });
}

/** A code drawn from a Gaussian: mean + scale x deviation x noise. Draw i depends on seed, name and i alone. */
export function drawFrom(
  { name, mean, deviation }: { name: string; mean: Float32Array; deviation: Float32Array },
  { index, seed, scale }: { index: number; seed: number; scale: number },
): Float32Array {
  if (scale === 0) return mean.slice();
  const noise = normals(seed, siteOf(`${name}\u0000${index}`), mean.length);
  return mean.map((value, at) => value + scale * deviation[at]! * noise[at]!);
}

/** One draw for each list of `weights`, `[clips]`. */
async function fullDraws(
  { codes, count }: ClassCodes,
  mean: Float32Array,
  scale: number,
  weights: readonly Float32Array[],
): Promise<Float32Array[]> {
  const factor = scale / Math.sqrt(Math.max(1, count - 1));
  const sums = weights.map(() => new Float64Array(mean.length));
  let clip = 0;
  for await (const code of codes()) {
    for (const [draw, sum] of sums.entries()) {
      const weight = weights[draw]![clip]!;
      for (let at = 0; at < sum.length; at++) sum[at]! += weight * (code[at]! - mean[at]!);
    }
    clip++;
  }
  return sums.map((sum) => mean.map((value, at) => value + factor * sum[at]!));
}

/** Standard deviation of a class in each dimension, with n - 1 below. */
export async function deviations({ codes, count }: ClassCodes, mean: Float32Array): Promise<Float32Array> {
  const squares = await summed(codes(), (value, at) => (value - mean[at]!) ** 2);
  return Float32Array.from(squares, (sum) => Math.sqrt(sum / Math.max(1, count - 1)));
}

/** Sums over codes of what is reckoned of each of their numbers, `[latentDim]`. */
async function summed(
  codes: AsyncIterable<Float32Array>,
  of: (value: number, at: number) => number,
): Promise<Float64Array> {
  let sums: Float64Array | null = null;
  for await (const code of codes) {
    sums ??= new Float64Array(code.length);
    for (let at = 0; at < code.length; at++) sums[at]! += of(code[at]!, at);
  }
  return sums ?? new Float64Array();
}

/** Codes from `from` to `to` in `steps` equal steps, both ends included exactly: `[steps, latentDim]`. */
export function interpolateCodes(
  from: Float32Array,
  to: Float32Array,
  steps: number,
  way: 'linear' | 'spherical',
): Float32Array {
  const codes = new Float32Array(steps * from.length);
  const between = way === 'linear' ? linear : spherical;
  for (let step = 0; step < steps; step++) {
    const position = positionOf(step, steps);
    const code = position === 0 ? from : position === 1 ? to : between(from, to, position);
    codes.set(code, step * from.length);
  }
  return codes;
}

/** 0 for the first of some steps, 1 for the last. */
export function positionOf(step: number, steps: number): number {
  return steps === 1 ? 0 : step / (steps - 1);
}

/** Levels between those of two clips, in equal steps of dB. */
export function interpolateExtremes(from: Extremes, to: Extremes, position: number): Extremes {
  const mix = (a: number, b: number): number => (position === 1 ? b : a + (b - a) * position);
  return { minDb: mix(from.minDb, to.minDb), maxDb: mix(from.maxDb, to.maxDb) };
}

function linear(from: Float32Array, to: Float32Array, position: number): Float32Array {
  return from.map((value, at) => value * (1 - position) + to[at]! * position);
}

/** Along the arc between the two (K. Shoemake, SIGGRAPH 1985); straight where they point the same or opposite ways. */
function spherical(from: Float32Array, to: Float32Array, position: number): Float32Array {
  const length = (code: Float32Array): number =>
    Math.sqrt(code.reduce((sum, value) => sum + value * value, 0));
  const dot = from.reduce((sum, value, at) => sum + value * to[at]!, 0);
  const cosine = dot / (length(from) * length(to));
  // No arc leads on from nothing, and every arc to the opposite side is as good.
  if (!(Math.abs(cosine) < 1 - 1e-6)) return linear(from, to, position);
  const angle = Math.acos(cosine);
  const one = Math.sin((1 - position) * angle) / Math.sin(angle);
  const other = Math.sin(position * angle) / Math.sin(angle);
  return from.map((value, at) => one * value + other * to[at]!);
}

function normals(seed: number, site: number, count: number): Float32Array {
  const noise = new Float32Array(count);
  philoxNormal([seed, site], noise);
  return noise;
}

/** A word for a name (FNV-1a), so that what is drawn for one name does not change with the others that are drawn. */
function siteOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
