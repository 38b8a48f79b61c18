import { isPowerOfTwo } from './powers.ts';
import type { RealFft } from './real-fft.ts';

/** The FFT of real signals whose length is a power of two from 4 up. */
export class PowerOfTwoFft implements RealFft {
  readonly size: number;
  readonly bins: number;

  private readonly half: number;
  private readonly reversed: Uint32Array;
  private readonly stages: readonly Stage[];
  private readonly startsWithRadix2: boolean;
  /** `cos` and `sin` of `2 pi k / N` for the split between the half-size complex and the real transform. */
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  private readonly workRe: Float64Array;
  private readonly workIm: Float64Array;

  constructor(size: number) {
    if (!isPowerOfTwo(size) || size < 4)
      throw new RangeError(`An FFT of ${size} samples: a power of two from 4 up is needed.`);
    this.size = size;
    this.bins = size / 2 + 1;
    this.half = size / 2;
    this.workRe = new Float64Array(this.half);
    this.workIm = new Float64Array(this.half);
    const bits = Math.round(Math.log2(this.half));
    this.reversed = new Uint32Array(this.half);
    for (let i = 1; i < this.half; i++) {
      this.reversed[i] = (this.reversed[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
    }
    this.startsWithRadix2 = bits % 2 === 1;
    this.stages = makeStages(this.half, this.startsWithRadix2 ? 2 : 4);
    this.cos = new Float64Array(this.half);
    this.sin = new Float64Array(this.half);
    for (let k = 0; k < this.half; k++) {
      this.cos[k] = Math.cos((2 * Math.PI * k) / size);
      this.sin[k] = Math.sin((2 * Math.PI * k) / size);
    }
  }

  forward(input: Float64Array, re: Float64Array, im: Float64Array): void {
    const { half, reversed, workRe, workIm, cos, sin } = this;
    for (let i = 0; i < half; i++) {
      const j = reversed[i]! << 1;
      workRe[i] = input[j]!;
      workIm[i] = input[j + 1]!;
    }
    this.transform(workRe, workIm);
    re[0] = workRe[0]! + workIm[0]!;
    im[0] = 0;
    re[half] = workRe[0]! - workIm[0]!;
    im[half] = 0;
    for (let k = 1, m = half - 1; k <= m; k++, m--) {
      const evenRe = 0.5 * (workRe[k]! + workRe[m]!);
      const evenIm = 0.5 * (workIm[k]! - workIm[m]!);
      const oddRe = 0.5 * (workIm[k]! + workIm[m]!);
      const oddIm = 0.5 * (workRe[m]! - workRe[k]!);
      const c = cos[k]!;
      const s = sin[k]!;
      const turnedRe = c * oddRe + s * oddIm;
      const turnedIm = c * oddIm - s * oddRe;
      re[k] = evenRe + turnedRe;
      im[k] = evenIm + turnedIm;
      re[m] = evenRe - turnedRe;
      im[m] = turnedIm - evenIm;
    }
  }

  inverse(re: Float64Array, im: Float64Array, output: Float64Array): void {
    const { half, reversed, workRe, workIm, cos, sin } = this;
    const scale = 0.5 / half;
    const permuted = (k: number, real: number, imaginary: number): void => {
      const at = reversed[k]!;
      workRe[at] = real;
      workIm[at] = imaginary;
    };
    permuted(0, scale * (re[0]! + re[half]!), scale * (re[0]! - re[half]!));
    for (let k = 1, m = half - 1; k <= m; k++, m--) {
      const evenRe = scale * (re[k]! + re[m]!);
      const evenIm = scale * (im[k]! - im[m]!);
      const diffRe = scale * (re[k]! - re[m]!);
      const diffIm = scale * (im[k]! + im[m]!);
      const c = cos[k]!;
      const s = sin[k]!;
      const oddRe = c * diffRe - s * diffIm;
      const oddIm = c * diffIm + s * diffRe;
      permuted(k, evenRe - oddIm, evenIm + oddRe);
      if (m !== k) permuted(m, evenRe + oddIm, oddRe - evenIm);
    }
    // Real and imaginary parts exchanged turn the forward transform into the inverse one.
    this.transform(workIm, workRe);
    for (let i = 0; i < half; i++) {
      output[2 * i] = workRe[i]!;
      output[2 * i + 1] = workIm[i]!;
    }
  }

  /** In-place complex FFT of bit-reversed input: radix 4, after one radix-2 stage where the size is an odd power of two. */
  private transform(re: Float64Array, im: Float64Array): void {
    if (this.startsWithRadix2) firstRadix2(re, im, this.half);
    else firstRadix4(re, im, this.half);
    for (const stage of this.stages) radix4(re, im, this.half, stage);
  }
}

/** Twiddles of one radix-4 stage: `[cos, sin]` of k, 2k and 3k, interleaved for k = 0 .. quarter - 1. */
interface Stage {
  readonly quarter: number;
  readonly twiddles: Float64Array;
}

function makeStages(size: number, firstSpan: number): Stage[] {
  const stages: Stage[] = [];
  for (let quarter = firstSpan; quarter * 4 <= size; quarter *= 4) {
    const twiddles = new Float64Array(6 * quarter);
    for (let k = 0; k < quarter; k++) {
      for (let power = 1; power <= 3; power++) {
        const angle = (2 * Math.PI * k * power) / (4 * quarter);
        twiddles[6 * k + 2 * (power - 1)] = Math.cos(angle);
        twiddles[6 * k + 2 * (power - 1) + 1] = Math.sin(angle);
      }
    }
    stages.push({ quarter, twiddles });
  }
  return stages;
}

function firstRadix2(re: Float64Array, im: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 2) {
    const aRe = re[i]!;
    const aIm = im[i]!;
    const bRe = re[i + 1]!;
    const bIm = im[i + 1]!;
    re[i] = aRe + bRe;
    im[i] = aIm + bIm;
    re[i + 1] = aRe - bRe;
    im[i + 1] = aIm - bIm;
  }
}

/** Blocks lie in bit-reversed order: 4n, 4n + 2, 4n + 1, 4n + 3. */
function firstRadix4(re: Float64Array, im: Float64Array, size: number): void {
  if (size < 4) return;
  for (let i = 0; i < size; i += 4) {
    const s0Re = re[i]! + re[i + 1]!;
    const s0Im = im[i]! + im[i + 1]!;
    const s1Re = re[i]! - re[i + 1]!;
    const s1Im = im[i]! - im[i + 1]!;
    const s2Re = re[i + 2]! + re[i + 3]!;
    const s2Im = im[i + 2]! + im[i + 3]!;
    const s3Re = re[i + 2]! - re[i + 3]!;
    const s3Im = im[i + 2]! - im[i + 3]!;
    re[i] = s0Re + s2Re;
    im[i] = s0Im + s2Im;
    re[i + 1] = s1Re + s3Im;
    im[i + 1] = s1Im - s3Re;
    re[i + 2] = s0Re - s2Re;
    im[i + 2] = s0Im - s2Im;
    re[i + 3] = s1Re - s3Im;
    im[i + 3] = s1Im + s3Re;
  }
}

function radix4(re: Float64Array, im: Float64Array, size: number, stage: Stage): void {
  const { quarter, twiddles } = stage;
  for (let base = 0; base < size; base += 4 * quarter) {
    let w = 0;
    for (let i0 = base; i0 < base + quarter; i0++) {
      const i1 = i0 + quarter;
      const i2 = i1 + quarter;
      const i3 = i2 + quarter;
      const w1Re = twiddles[w]!;
      const w1Im = twiddles[w + 1]!;
      const w2Re = twiddles[w + 2]!;
      const w2Im = twiddles[w + 3]!;
      const w3Re = twiddles[w + 4]!;
      const w3Im = twiddles[w + 5]!;
      w += 6;
      const bRe = re[i1]! * w2Re + im[i1]! * w2Im;
      const bIm = im[i1]! * w2Re - re[i1]! * w2Im;
      const cRe = re[i2]! * w1Re + im[i2]! * w1Im;
      const cIm = im[i2]! * w1Re - re[i2]! * w1Im;
      const dRe = re[i3]! * w3Re + im[i3]! * w3Im;
      const dIm = im[i3]! * w3Re - re[i3]! * w3Im;
      const s0Re = re[i0]! + bRe;
      const s0Im = im[i0]! + bIm;
      const s1Re = re[i0]! - bRe;
      const s1Im = im[i0]! - bIm;
      const s2Re = cRe + dRe;
      const s2Im = cIm + dIm;
      const s3Re = cRe - dRe;
      const s3Im = cIm - dIm;
      re[i0] = s0Re + s2Re;
      im[i0] = s0Im + s2Im;
      re[i1] = s1Re + s3Im;
      im[i1] = s1Im - s3Re;
      re[i2] = s0Re - s2Re;
      im[i2] = s0Im - s2Im;
      re[i3] = s1Re - s3Im;
      im[i3] = s1Im + s3Re;
    }
  }
}
