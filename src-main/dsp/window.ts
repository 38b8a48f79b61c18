/** Analysis windows by the field's names. */
export type WindowName = 'hann' | 'hamming' | 'sine' | 'gaussian' | 'rectangular';

export interface WindowOptions {
  /**
   * `periodic` (scipy's and librosa's `fftbins=True`) for spectral analysis: the period is `length`.
   * `symmetric` for filter design: first and last value are equal. The sine window is the same in both.
   */
  symmetry?: 'periodic' | 'symmetric';
  /** Standard deviation of the Gaussian window in samples; a sixth of its length by default. */
  gaussianStd?: number | undefined;
}

/**
 * A window of `length` samples. With the period P, which is `length` periodic and `length - 1` symmetric:
 *
 * - `hann`: `0.5 - 0.5 cos(2 pi n / P)`, `hamming`: `0.54 - 0.46 cos(2 pi n / P)`.
 * - `gaussian`: `exp(-(n - P / 2)^2 / (2 std^2))`.
 * - `sine`: `sin(pi (n + 0.5) / length)`, as DVAE-speech uses it; scipy's symmetric `cosine`.
 * - `rectangular`: ones.
 */
export function makeWindow(name: WindowName, length: number, options: WindowOptions = {}): Float64Array {
  if (!Number.isInteger(length) || length < 1)
    throw new RangeError(`A window of ${length} samples has no meaning.`);
  const std = options.gaussianStd ?? length / 6;
  if (!(std > 0))
    throw new RangeError(`A Gaussian window with a standard deviation of ${std} samples has no meaning.`);
  const period = (options.symmetry ?? 'periodic') === 'symmetric' ? length - 1 : length;
  const value = shapes[name];
  return Float64Array.from({ length }, (_, n) => (length === 1 ? 1 : value(n, { length, period, std })));
}

/** Value `n` of each window. */
const shapes: Readonly<
  Record<WindowName, (n: number, size: { length: number; period: number; std: number }) => number>
> = {
  hann: (n, { period }) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / period),
  hamming: (n, { period }) => 0.54 - 0.46 * Math.cos((2 * Math.PI * n) / period),
  sine: (n, { length }) => Math.sin((Math.PI * (n + 0.5)) / length),
  gaussian: (n, { period, std }) => Math.exp(-((n - period / 2) ** 2) / (2 * std * std)),
  rectangular: () => 1,
};

/** `window` with zeros on both sides up to `size`, as librosa's `util.pad_center`. */
export function padCentre(window: Float64Array, size: number): Float64Array {
  if (window.length > size)
    throw new RangeError(`A window of ${window.length} samples does not fit an FFT of ${size}.`);
  if (window.length === size) return window;
  const padded = new Float64Array(size);
  padded.set(window, Math.floor((size - window.length) / 2));
  return padded;
}

/**
 * A Kaiser window for filter design, `I0(beta sqrt(1 - x^2)) / I0(beta)` at `x` in -1..1 (zero outside).
 * J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974.
 */
export function kaiserAt(x: number, beta: number): number {
  const inside = 1 - x * x;
  return inside < 0 ? 0 : besselI0(beta * Math.sqrt(inside)) / besselI0(beta);
}

/** Kaiser's beta for a stop-band attenuation of 50 dB and more: `0.1102 (A - 8.7)`. */
export function kaiserBeta(attenuationDb: number): number {
  return 0.1102 * (attenuationDb - 8.7);
}

/** Taps (less one) that a Kaiser filter needs: `(A - 8) / (2.285 * width)`, the transition's width in radians a sample. */
export function kaiserOrder(attenuationDb: number, widthRadians: number): number {
  return Math.ceil((attenuationDb - 8) / (2.285 * widthRadians));
}

/** The modified Bessel function of order zero by its power series, to full double precision. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
