import { nextPowerOfTwo } from './powers.ts';

/** Complex transforms in place, of one length. */
export interface ComplexFft {
  /** `X[k] = sum_n x[n] exp(-2 pi i k n / N)`; `re` and `im` exchanged give N times the inverse. */
  transform(re: Float64Array, im: Float64Array): void;
}

/** A butterfly of a prime costs its square: from here on a convolution of powers of two is quicker. */
const largestRadix = 61;

/** A transform of any length. */
export function complexFft(size: number): ComplexFft {
  const radices = radicesOf(size);
  return Math.max(1, ...radices) > largestRadix ? new ChirpFft(size) : new MixedRadixFft(size, radices);
}

/** Fours first, then the prime factors. */
function radicesOf(size: number): number[] {
  const radices: number[] = [];
  let rest = size;
  for (; rest % 4 === 0; rest /= 4) radices.push(4);
  for (let factor = 2; rest > 1; factor++) {
    if (factor * factor > rest) factor = rest;
    for (; rest % factor === 0; rest /= factor) radices.push(factor);
  }
  return radices;
}

/** One pass: butterflies of `radix` over parts of length `part`, `stride` of them side by side. */
interface Pass {
  radix: number;
  part: number;
  stride: number;
  /** `cos` and `sin` of `2 pi p j / (radix * part)` at `2 (p * radix + j)`. */
  twiddles: Float64Array;
  /** `cos` and `sin` of `2 pi j / radix`. */
  roots: Float64Array;
}

/**
 * The self-sorting form (Stockham), by decimation in frequency: `part` and `stride` change places pass by pass, from array to
 * array, and the result is in order.
 */
class MixedRadixFft implements ComplexFft {
  readonly #passes: Pass[] = [];
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #sums: Float64Array;

  constructor(size: number, radices: readonly number[]) {
    this.#re = new Float64Array(size);
    this.#im = new Float64Array(size);
    this.#sums = new Float64Array(2 * Math.max(1, ...radices));
    let length = size;
    let stride = 1;
    for (const radix of radices) {
      const part = length / radix;
      const twiddles = new Float64Array(2 * length);
      for (let p = 0; p < part; p++) {
        for (let j = 0; j < radix; j++) putTurn(twiddles, p * radix + j, (p * j) / length);
      }
      const roots = new Float64Array(2 * radix);
      for (let j = 0; j < radix; j++) putTurn(roots, j, j / radix);
      this.#passes.push({ radix, part, stride, twiddles, roots });
      length = part;
      stride *= radix;
    }
  }

  transform(re: Float64Array, im: Float64Array): void {
    let [fromRe, fromIm, toRe, toIm] = [re, im, this.#re, this.#im];
    for (const pass of this.#passes) {
      if (pass.radix === 4) radix4(fromRe, fromIm, toRe, toIm, pass);
      else anyRadix(fromRe, fromIm, toRe, toIm, pass, this.#sums);
      [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
    }
    if (fromRe === re) return;
    re.set(fromRe);
    im.set(fromIm);
  }
}

/** `cos` and `sin` of a part of a turn. */
function putTurn(into: Float64Array, at: number, turn: number): void {
  into[2 * at] = Math.cos(2 * Math.PI * turn);
  into[2 * at + 1] = Math.sin(2 * Math.PI * turn);
}

function radix4(
  fromRe: Float64Array,
  fromIm: Float64Array,
  toRe: Float64Array,
  toIm: Float64Array,
  { part, stride, twiddles }: Pass,
): void {
  for (let p = 0; p < part; p++) {
    const w1Re = twiddles[8 * p + 2]!;
    const w1Im = twiddles[8 * p + 3]!;
    const w2Re = twiddles[8 * p + 4]!;
    const w2Im = twiddles[8 * p + 5]!;
    const w3Re = twiddles[8 * p + 6]!;
    const w3Im = twiddles[8 * p + 7]!;
    let from = stride * p;
    let to = stride * 4 * p;
    for (let q = 0; q < stride; q++, from++, to++) {
      const i1 = from + stride * part;
      const i2 = i1 + stride * part;
      const i3 = i2 + stride * part;
      const s0Re = fromRe[from]! + fromRe[i2]!;
      const s0Im = fromIm[from]! + fromIm[i2]!;
      const s1Re = fromRe[from]! - fromRe[i2]!;
      const s1Im = fromIm[from]! - fromIm[i2]!;
      const s2Re = fromRe[i1]! + fromRe[i3]!;
      const s2Im = fromIm[i1]! + fromIm[i3]!;
      const s3Re = fromRe[i1]! - fromRe[i3]!;
      const s3Im = fromIm[i1]! - fromIm[i3]!;
      const bRe = s1Re + s3Im;
      const bIm = s1Im - s3Re;
      const cRe = s0Re - s2Re;
      const cIm = s0Im - s2Im;
      const dRe = s1Re - s3Im;
      const dIm = s1Im + s3Re;
      toRe[to] = s0Re + s2Re;
      toIm[to] = s0Im + s2Im;
      toRe[to + stride] = bRe * w1Re + bIm * w1Im;
      toIm[to + stride] = bIm * w1Re - bRe * w1Im;
      toRe[to + 2 * stride] = cRe * w2Re + cIm * w2Im;
      toIm[to + 2 * stride] = cIm * w2Re - cRe * w2Im;
      toRe[to + 3 * stride] = dRe * w3Re + dIm * w3Im;
      toIm[to + 3 * stride] = dIm * w3Re - dRe * w3Im;
    }
  }
}

function anyRadix(
  fromRe: Float64Array,
  fromIm: Float64Array,
  toRe: Float64Array,
  toIm: Float64Array,
  { radix, part, stride, twiddles, roots }: Pass,
  values: Float64Array,
): void {
  for (let p = 0; p < part; p++) {
    for (let q = 0; q < stride; q++) {
      for (let k = 0; k < radix; k++) {
        const from = q + stride * (p + part * k);
        values[2 * k] = fromRe[from]!;
        values[2 * k + 1] = fromIm[from]!;
      }
      for (let j = 0; j < radix; j++) {
        let sumRe = 0;
        let sumIm = 0;
        for (let k = 0, root = 0; k < radix; k++) {
          const c = roots[2 * root]!;
          const s = roots[2 * root + 1]!;
          sumRe += values[2 * k]! * c + values[2 * k + 1]! * s;
          sumIm += values[2 * k + 1]! * c - values[2 * k]! * s;
          root += j;
          if (root >= radix) root -= radix;
        }
        const c = twiddles[2 * (p * radix + j)]!;
        const s = twiddles[2 * (p * radix + j) + 1]!;
        const to = q + stride * (radix * p + j);
        toRe[to] = sumRe * c + sumIm * s;
        toIm[to] = sumIm * c - sumRe * s;
      }
    }
  }
}

/**
 * Lengths with a large prime factor, as a convolution with a chirp. L. I. Bluestein, "A linear filtering approach to the
 * computation of discrete Fourier transform", IEEE Trans. Audio Electroacoust. 18(4), 1970.
 */
class ChirpFft implements ComplexFft {
  readonly #size: number;
  readonly #inner: ComplexFft;
  readonly #chirp: Float64Array;
  readonly #filterRe: Float64Array;
  readonly #filterIm: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  constructor(size: number) {
    this.#size = size;
    const length = nextPowerOfTwo(2 * size - 1);
    this.#inner = complexFft(length);
    this.#chirp = new Float64Array(2 * size);
    this.#filterRe = new Float64Array(length);
    this.#filterIm = new Float64Array(length);
    this.#re = new Float64Array(length);
    this.#im = new Float64Array(length);
    // exp(pi i n^2 / N), its square taken modulo 2 N without leaving the whole numbers.
    for (let n = 0, square = 0; n < size; n++) {
      putTurn(this.#chirp, n, square / (2 * size));
      square = (square + 2 * n + 1) % (2 * size);
    }
    for (let n = 0; n < size; n++) {
      for (const at of [n, (length - n) % length]) {
        this.#filterRe[at] = this.#chirp[2 * n]!;
        this.#filterIm[at] = this.#chirp[2 * n + 1]!;
      }
    }
    this.#inner.transform(this.#filterRe, this.#filterIm);
  }

  transform(re: Float64Array, im: Float64Array): void {
    const workRe = this.#re.fill(0);
    const workIm = this.#im.fill(0);
    const length = workRe.length;
    for (let n = 0; n < this.#size; n++) {
      const c = this.#chirp[2 * n]!;
      const s = this.#chirp[2 * n + 1]!;
      workRe[n] = re[n]! * c + im[n]! * s;
      workIm[n] = im[n]! * c - re[n]! * s;
    }
    this.#inner.transform(workRe, workIm);
    for (let k = 0; k < length; k++) {
      const real = workRe[k]! * this.#filterRe[k]! - workIm[k]! * this.#filterIm[k]!;
      workIm[k] = workRe[k]! * this.#filterIm[k]! + workIm[k]! * this.#filterRe[k]!;
      workRe[k] = real;
    }
    this.#inner.transform(workIm, workRe);
    for (let n = 0; n < this.#size; n++) {
      const c = this.#chirp[2 * n]! / length;
      const s = this.#chirp[2 * n + 1]! / length;
      re[n] = workRe[n]! * c + workIm[n]! * s;
      im[n] = workIm[n]! * c - workRe[n]! * s;
    }
  }
}
