import { realFft } from '../fft.ts';
import { binCount, frameWindow, type StftOptions } from '../frames.ts';
import { PairedFrameTransform } from './paired-frame-transform.ts';

/** The spectra of many frames at once. */
export interface FrameTransform {
  readonly bins: number;
  /** Real and imaginary part in turn, `[framesTogether, bins, 2]`: what the last call gave. */
  readonly spectra: Float64Array;
  /** The windowed spectra of `frames` frames (at most `framesTogether`), of which the first begins at sample 0. */
  transform(samples: Float64Array, frames: number): void;
  /** The same spectra rounded to single precision: what the last call of `transformNarrow` gave. */
  readonly narrowSpectra: Float32Array;
  transformNarrow(samples: Float64Array, frames: number): void;
}

/** Frame by frame, for any length. */
export class PlainFrameTransform implements FrameTransform {
  readonly bins: number;
  readonly spectra: Float64Array;
  readonly narrowSpectra: Float32Array;
  readonly #options: StftOptions;
  readonly #input: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  constructor(options: StftOptions, mostFrames: number) {
    this.bins = binCount(options);
    this.spectra = new Float64Array(2 * this.bins * mostFrames);
    this.narrowSpectra = new Float32Array(this.spectra.length);
    this.#options = options;
    this.#input = new Float64Array(options.nFft);
    this.#re = new Float64Array(this.bins);
    this.#im = new Float64Array(this.bins);
  }

  transform(samples: Float64Array, frames: number): void {
    const { nFft, hopLength } = this.#options;
    const window = frameWindow(this.#options);
    const fft = realFft(nFft);
    const input = this.#input;
    for (let frame = 0; frame < frames; frame++) {
      const start = frame * hopLength;
      for (let n = 0; n < nFft; n++) input[n] = window[n]! * samples[start + n]!;
      fft.forward(input, this.#re, this.#im);
      for (let bin = 0, at = 2 * frame * this.bins; bin < this.bins; bin++, at += 2) {
        this.spectra[at] = this.#re[bin]!;
        this.spectra[at + 1] = this.#im[bin]!;
      }
    }
  }

  transformNarrow(samples: Float64Array, frames: number): void {
    this.transform(samples, frames);
    this.narrowSpectra.set(this.spectra);
  }
}

/** Transforms that are kept; each has some hundred kilobytes of tables. */
const keptTransforms = 4;
const kept = new Map<string, FrameTransform>();

/**
 * Lends the quickest transform for these settings to `use`: making one takes longer than a second of sound, so that the last few
 * are kept.
 */
export function withFrameTransform<Result>(
  options: StftOptions,
  mostFrames: number,
  use: (transform: FrameTransform) => Result,
): Result {
  const { nFft, hopLength, winLength = nFft, window = 'hann', symmetry = 'periodic', gaussianStd } = options;
  const key = [nFft, hopLength, winLength, window, symmetry, gaussianStd, mostFrames].join(' ');
  const transform = kept.get(key) ?? makeFrameTransform(options, mostFrames);
  // It is taken out while it is lent: nobody else may write over its spectra.
  kept.delete(key);
  try {
    return use(transform);
  } finally {
    const oldest = kept.keys().next();
    if (kept.size >= keptTransforms && !oldest.done) kept.delete(oldest.value);
    kept.set(key, transform);
  }
}

/** The quickest way for a length. */
export function makeFrameTransform(options: StftOptions, mostFrames: number): FrameTransform {
  return PairedFrameTransform.make(options, mostFrames) ?? new PlainFrameTransform(options, mostFrames);
}
