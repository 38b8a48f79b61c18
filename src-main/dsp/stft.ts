import { realFft, isPowerOfTwo } from './fft.ts';
import type { ComplexMatrix, Matrix, RealArray } from './matrix.ts';
import { makeWindow, padCentre, type WindowName } from './window.ts';

/** Settings of the short-time Fourier transform; the names and the meanings are librosa's (0.11). */
export interface StftOptions {
  nFft: number;
  hopLength: number;
  /** Window length, centred in the frame with zeros around; `nFft` by default. */
  winLength?: number;
  /** Periodic; `hann` by default. */
  window?: WindowName;
  /** Frame t is centred on sample `t * hopLength`, with `nFft / 2` samples of padding at both ends; true by default. */
  center?: boolean;
  /** What the padding holds: zeros (`constant`, librosa's default since 0.9) or the mirrored signal. */
  padMode?: 'constant' | 'reflect';
}

export interface IstftOptions extends Omit<StftOptions, 'padMode'> {
  /** Samples to give back: the end is cut, or filled with zeros. By default what the frames cover. */
  length?: number;
}

/** The smallest normal number in double precision: librosa's guard against division by zero. */
export const tiny = 2.2250738585072014e-308;

/** Frames of `samples` samples: `1 + floor(samples / hop)` when centred, whole frames only otherwise. */
export function frameCount(samples: number, options: StftOptions): number {
  refuseMeaningless(options);
  if (options.center ?? true) return 1 + Math.floor(samples / options.hopLength);
  return samples < options.nFft ? 0 : 1 + Math.floor((samples - options.nFft) / options.hopLength);
}

/**
 * Short-time Fourier transform, as `librosa.stft`: `X[k, t] = sum_n w[n] x[t * hop + n - nFft / 2] exp(-2 pi i k n / nFft)`.
 * `samples` `[time]` to `[nFft / 2 + 1, frames]`.
 */
export function stft(samples: RealArray, options: StftOptions): ComplexMatrix {
  const frames = frameCount(samples.length, options);
  const bins = options.nFft / 2 + 1;
  const re = new Float64Array(bins * frames);
  const im = new Float64Array(bins * frames);
  forEachFrame(samples, options, (frame, frameRe, frameIm) => {
    for (let bin = 0, at = frame; bin < bins; bin++, at += frames) {
      re[at] = frameRe[bin]!;
      im[at] = frameIm[bin]!;
    }
  });
  return { bins, frames, re, im };
}

/**
 * Calls `visit` with the spectrum `[nFft / 2 + 1]` of every frame in order. The arrays are reused between calls. Frames
 * that hold only zeros are not visited: their spectrum is zero.
 */
export function forEachFrame(
  samples: RealArray,
  options: StftOptions,
  visit: (frame: number, re: Float64Array, im: Float64Array) => void,
): void {
  const { nFft, hopLength } = options;
  const frames = frameCount(samples.length, options);
  const window = frameWindow(options);
  const fft = realFft(nFft);
  const centred = options.center ?? true;
  const reflected = centred && options.padMode === 'reflect';
  if (reflected && samples.length <= nFft / 2) {
    throw new RangeError(
      `Reflecting ${nFft / 2} samples needs a longer signal than ${samples.length} samples.`,
    );
  }
  const input = new Float64Array(nFft);
  const re = new Float64Array(fft.bins);
  const im = new Float64Array(fft.bins);
  for (let frame = 0; frame < frames; frame++) {
    const start = frame * hopLength - (centred ? nFft / 2 : 0);
    let silent = true;
    if (start >= 0 && start + nFft <= samples.length) {
      for (let n = 0; n < nFft; n++) {
        const sample = samples[start + n]!;
        if (sample !== 0) silent = false;
        input[n] = window[n]! * sample;
      }
    } else {
      for (let n = 0; n < nFft; n++) {
        const sample = reflected ? mirrored(samples, start + n) : (samples[start + n] ?? 0);
        if (sample !== 0) silent = false;
        input[n] = window[n]! * sample;
      }
    }
    if (silent) continue;
    fft.forward(input, re, im);
    visit(frame, re, im);
  }
}

/** Sample `at` of the signal mirrored at both ends, the end samples not repeated (numpy's `reflect`). */
function mirrored(samples: RealArray, at: number): number {
  const last = samples.length - 1;
  const period = 2 * last;
  const folded = ((at % period) + period) % period;
  return samples[folded <= last ? folded : period - folded]!;
}

/**
 * Inverse STFT by overlap-add, each sample divided by the sum of squared windows that cover it, as `librosa.istft`.
 * `[nFft / 2 + 1, frames]` to `[length]`, by default `hop * (frames - 1)` samples when centred.
 */
export function istft(spectrum: ComplexMatrix, options: IstftOptions): Float64Array {
  const { nFft, hopLength, length } = options;
  if (spectrum.bins !== nFft / 2 + 1) {
    throw new RangeError(`An FFT of ${nFft} has ${nFft / 2 + 1} bins, the spectrum has ${spectrum.bins}.`);
  }
  const centred = options.center ?? true;
  const padding = centred ? nFft / 2 : 0;
  const frames =
    length === undefined
      ? spectrum.frames
      : Math.min(spectrum.frames, Math.ceil((length + 2 * padding) / hopLength));
  const covered = frames === 0 ? 0 : nFft + hopLength * (frames - 1);
  const samples = new Float64Array(length ?? Math.max(0, covered - 2 * padding));
  const weight = new Float64Array(samples.length);
  const window = frameWindow(options);
  const fft = realFft(nFft);
  const output = new Float64Array(nFft);
  const re = new Float64Array(fft.bins);
  const im = new Float64Array(fft.bins);
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0, at = frame; bin < fft.bins; bin++, at += spectrum.frames) {
      re[bin] = spectrum.re[at]!;
      im[bin] = spectrum.im[at]!;
    }
    fft.inverse(re, im, output);
    const start = frame * hopLength - padding;
    const from = Math.max(0, -start);
    const to = Math.min(nFft, samples.length - start);
    for (let n = from; n < to; n++) {
      const w = window[n]!;
      samples[start + n]! += w * output[n]!;
      weight[start + n]! += w * w;
    }
  }
  for (let i = 0; i < samples.length; i++) if (weight[i]! > tiny) samples[i]! /= weight[i]!;
  return samples;
}

/** |X| of a spectrum `[bins, frames]`. */
export function magnitude(spectrum: ComplexMatrix): Matrix<Float64Array> {
  const { bins, frames, re, im } = spectrum;
  const data = new Float64Array(re.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.sqrt(re[i]! * re[i]! + im[i]! * im[i]!);
  return { bins, frames, data };
}

/** The angle of a spectrum `[bins, frames]` in radians, -pi..pi; 0 where the spectrum is zero. */
export function phase(spectrum: ComplexMatrix): Matrix<Float64Array> {
  const { bins, frames, re, im } = spectrum;
  const data = new Float64Array(re.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.atan2(im[i]!, re[i]!);
  return { bins, frames, data };
}

/** `magnitude * exp(i phase)`, both `[bins, frames]`. */
export function fromPolar(magnitudes: Matrix, phases: Matrix): ComplexMatrix {
  const { bins, frames, data } = magnitudes;
  if (phases.bins !== bins || phases.frames !== frames) {
    throw new RangeError(`Magnitudes are [${bins}, ${frames}], phases [${phases.bins}, ${phases.frames}].`);
  }
  const re = new Float64Array(data.length);
  const im = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    re[i] = data[i]! * Math.cos(phases.data[i]!);
    im[i] = data[i]! * Math.sin(phases.data[i]!);
  }
  return { bins, frames, re, im };
}

const windows = new Map<string, Float64Array>();

/** The window, padded to the frame and made once: only to be read. */
function frameWindow(options: Omit<StftOptions, 'padMode'>): Float64Array {
  refuseMeaningless(options);
  const { nFft, winLength = nFft, window: name = 'hann' } = options;
  const key = `${name} ${winLength} ${nFft}`;
  let window = windows.get(key);
  if (!window) {
    window = padCentre(makeWindow(name, winLength), nFft);
    if (windows.size >= 64) windows.clear();
    windows.set(key, window);
  }
  return window;
}

function refuseMeaningless({ nFft, hopLength }: StftOptions): void {
  if (!isPowerOfTwo(nFft)) throw new RangeError(`An FFT size of ${nFft}: a power of two is needed.`);
  if (!Number.isInteger(hopLength) || hopLength < 1)
    throw new RangeError(`A hop of ${hopLength} samples has no meaning.`);
}
