import { complexFft, type ComplexFft } from './complex-fft.ts';
import type { RealFft } from './real-fft.ts';

/** Real signals of any even length, as a complex transform of half of it. */
export class EvenFft implements RealFft {
  readonly size: number;
  readonly bins: number;
  readonly #complex: ComplexFft;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  /** `cos` and `sin` of `2 pi k / N`. */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  constructor(size: number) {
    const half = size / 2;
    this.size = size;
    this.bins = half + 1;
    this.#complex = complexFft(half);
    this.#re = new Float64Array(half);
    this.#im = new Float64Array(half);
    this.#cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sin = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  }

  forward(input: Float64Array, re: Float64Array, im: Float64Array): void {
    const half = this.size / 2;
    const workRe = this.#re;
    const workIm = this.#im;
    for (let n = 0; n < half; n++) {
      workRe[n] = input[2 * n]!;
      workIm[n] = input[2 * n + 1]!;
    }
    this.#complex.transform(workRe, workIm);
    for (let k = 0; k <= half; k++) {
      const at = k % half;
      const mirror = (half - k) % half;
      const evenRe = 0.5 * (workRe[at]! + workRe[mirror]!);
      const evenIm = 0.5 * (workIm[at]! - workIm[mirror]!);
      const oddRe = 0.5 * (workIm[at]! + workIm[mirror]!);
      const oddIm = 0.5 * (workRe[mirror]! - workRe[at]!);
      const c = k === half ? -1 : this.#cos[k]!;
      const s = k === half ? 0 : this.#sin[k]!;
      re[k] = evenRe + c * oddRe + s * oddIm;
      im[k] = evenIm + c * oddIm - s * oddRe;
    }
    im[0] = 0;
    im[half] = 0;
  }

  inverse(re: Float64Array, im: Float64Array, output: Float64Array): void {
    const half = this.size / 2;
    const scale = 0.5 / half;
    const workRe = this.#re;
    const workIm = this.#im;
    for (let k = 0; k < half; k++) {
      const mirror = half - k;
      // The imaginary parts of the first and the last bin count as zero.
      const own = k === 0 ? 0 : im[k]!;
      const other = k === 0 ? 0 : im[mirror]!;
      const evenRe = scale * (re[k]! + re[mirror]!);
      const evenIm = scale * (own - other);
      const diffRe = scale * (re[k]! - re[mirror]!);
      const diffIm = scale * (own + other);
      const c = this.#cos[k]!;
      const s = this.#sin[k]!;
      workRe[k] = evenRe - (c * diffIm + s * diffRe);
      workIm[k] = evenIm + (c * diffRe - s * diffIm);
    }
    this.#complex.transform(workIm, workRe);
    for (let n = 0; n < half; n++) {
      output[2 * n] = workRe[n]!;
      output[2 * n + 1] = workIm[n]!;
    }
  }
}

/** Real signals of any odd length. */
export class OddFft implements RealFft {
  readonly size: number;
  readonly bins: number;
  readonly #complex: ComplexFft;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.bins = (size + 1) / 2;
    this.#complex = complexFft(size);
    this.#re = new Float64Array(size);
    this.#im = new Float64Array(size);
  }

  forward(input: Float64Array, re: Float64Array, im: Float64Array): void {
    this.#re.set(input);
    this.#im.fill(0);
    this.#complex.transform(this.#re, this.#im);
    re.set(this.#re.subarray(0, this.bins));
    im.set(this.#im.subarray(0, this.bins));
    im[0] = 0;
  }

  inverse(re: Float64Array, im: Float64Array, output: Float64Array): void {
    const { size } = this;
    const scale = 1 / size;
    this.#re[0] = scale * re[0]!;
    this.#im[0] = 0;
    for (let k = 1; k < this.bins; k++) {
      this.#re[k] = this.#re[size - k] = scale * re[k]!;
      this.#im[k] = scale * im[k]!;
      this.#im[size - k] = -scale * im[k]!;
    }
    this.#complex.transform(this.#im, this.#re);
    output.set(this.#re);
  }
}
