/**
 * The FFT of real signals of one length, in double precision: that is needed to stay within 1e-3 dB of librosa at the bottom
 * of an 80 dB range. It owns its work arrays and is not to be used re-entrantly.
 */
export interface RealFft {
  /** Number of real samples, N. */
  readonly size: number;
  /** Number of complex bins, `floor(N / 2) + 1`. */
  readonly bins: number;
  /** `X[k] = sum_n x[n] exp(-2 pi i k n / N)` of `input` `[N]` into `re`, `im` `[bins]`. */
  forward(input: Float64Array, re: Float64Array, im: Float64Array): void;
  /**
   * The inverse, with its 1/N, of `re`, `im` `[bins]` into `output` `[N]`. As in numpy's `irfft` the imaginary parts at DC and,
   * for even N, at Nyquist are ignored.
   */
  inverse(re: Float64Array, im: Float64Array, output: Float64Array): void;
}
