/** Samples or features in single or double precision. */
export type RealArray = Float32Array | Float64Array;

/** A real matrix `[bins, frames]`, row-major as in librosa: one row a frequency, `data[bin * frames + frame]`. */
export interface Matrix<T extends RealArray = RealArray> {
  readonly bins: number;
  readonly frames: number;
  readonly data: T;
}

/** A complex matrix `[bins, frames]`, row-major, real and imaginary parts apart. */
export interface ComplexMatrix {
  readonly bins: number;
  readonly frames: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}
