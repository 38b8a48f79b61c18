import { ResynthError } from '../../../src-preload/contract/errors/error.ts';

/** Bits a number of the latent code may be given; 32 is the float32 itself, unchanged. */
export const codeBits = [32, 16, 8, 6, 4] as const;
export type CodeBits = (typeof codeBits)[number];

/** Range of each latent dimension that the quantiser covers. Both ends know it, so it costs no bits. */
export interface CodeRange {
  /** `[latent]` */
  low: Float32Array;
  /** `[latent]` */
  high: Float32Array;
  /** Where the range comes from, for reports. */
  source: 'measured' | 'fixed';
}

export interface QuantisedCode {
  /** What the decoder is given, `[count, latent]`: the middle of each number's cell. */
  values: Float32Array;
  /** Cell of each number, 0 to 2^bits - 1, `[count, latent]`; null at 32 bits, where nothing is quantised. */
  indices: Uint16Array | null;
  /** Numbers outside the range, moved to its nearest end. */
  clipped: number;
}

/** The same range for each dimension, 0 +- `sigmas`: codes of a trained VAE are near N(0, 1) taken together. */
export function fixedRange(latentDim: number, sigmas = 4): CodeRange {
  return {
    low: new Float32Array(latentDim).fill(-sigmas),
    high: new Float32Array(latentDim).fill(sigmas),
    source: 'fixed',
  };
}

/** `range` widened to hold every number of `codes` `[count, latent]`, each dimension by itself; null begins with them. */
export function widenRange(range: CodeRange | null, codes: Float32Array, latentDim: number): CodeRange {
  if (codes.length === 0 || codes.length % latentDim !== 0) {
    throw new ResynthError('models/code-range', {
      detail: `${codes.length} numbers are not one or more codes of ${latentDim} dimensions`,
    });
  }
  const low = range?.low.slice() ?? new Float32Array(latentDim).fill(Infinity);
  const high = range?.high.slice() ?? new Float32Array(latentDim).fill(-Infinity);
  for (const [index, value] of codes.entries()) {
    const dimension = index % latentDim;
    if (value < (low[dimension] as number)) low[dimension] = value;
    if (value > (high[dimension] as number)) high[dimension] = value;
  }
  return { low, high, source: 'measured' };
}

/**
 * Uniform quantisation of `codes` `[count, latent]`: each dimension's range is cut into 2^bits cells of equal width, and a
 * number becomes the middle of its cell, so that the error inside the range is at most half a cell. A dimension whose
 * range is a single number (collapsed) always decodes to it.
 */
export function quantiseCodes(codes: Float32Array, range: CodeRange, bits: CodeBits): QuantisedCode {
  const latentDim = range.low.length;
  checkRange(codes, range, bits);
  if (bits === 32) return { values: codes.slice(), indices: null, clipped: 0 };
  const cells = 2 ** bits;
  const values = new Float32Array(codes.length);
  const indices = new Uint16Array(codes.length);
  let clipped = 0;
  for (const [index, value] of codes.entries()) {
    const low = range.low[index % latentDim] as number;
    const high = range.high[index % latentDim] as number;
    if (value < low || value > high) clipped++;
    const width = (high - low) / cells;
    const cell = width > 0 ? Math.min(cells - 1, Math.max(0, Math.floor((value - low) / width))) : 0;
    indices[index] = cell;
    values[index] = width > 0 ? low + (cell + 0.5) * width : low;
  }
  return { values, indices, clipped };
}

function checkRange(codes: Float32Array, range: CodeRange, bits: number): void {
  const refuse = (detail: string): ResynthError => new ResynthError('models/code-range', { detail });
  const latentDim = range.low.length;
  if (!(codeBits as readonly number[]).includes(bits)) throw refuse(`${bits} bits are not offered`);
  if (latentDim === 0 || range.high.length !== latentDim || codes.length % latentDim !== 0) {
    throw refuse(
      `${codes.length} numbers, ${latentDim} lower and ${range.high.length} upper ends do not fit together`,
    );
  }
  const bad = codes.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw refuse(`number ${bad % latentDim} of code ${Math.floor(bad / latentDim)} is not finite`);
  for (let dimension = 0; dimension < latentDim; dimension++) {
    const low = range.low[dimension] as number;
    const high = range.high[dimension] as number;
    if (!(low <= high) || !Number.isFinite(high - low)) {
      throw refuse(`the range of dimension ${dimension} is ${low} to ${high}`);
    }
  }
}
