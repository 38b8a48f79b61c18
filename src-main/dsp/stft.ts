import { realFft } from './fft.ts';
import { binCount, forEachFrame, frameCount, framePadding, frameWindow, type StftOptions } from './frames.ts';
import type { ComplexMatrix, Matrix, RealArray } from './matrix.ts';

export { forEachFrame, frameCount, type PadMode, type StftOptions } from './frames.ts';

export interface IstftOptions extends Omit<StftOptions, 'padMode'> {
  /** Samples to give back: the end is cut, or filled with zeros. By default what the frames cover. */
  length?: number;
  /**
   * Samples are divided by no less than this share of the largest sum of squared windows. At the ends of a transform that is not centred
   * hardly a window covers them, and what is inconsistent there would be blown up a thousandfold. 0, as librosa has it, by default.
   */
  leastWeight?: number;
}

/** The smallest normal number in double precision: librosa's guard against division by zero. */
export const tiny = 2.2250738585072014e-308;

/**
 * Short-time Fourier transform, as `librosa.stft`: `X[k, t] = sum_n w[n] x[t * hop + n - floor(nFft / 2)] exp(-2 pi i k n / nFft)`.
 * `samples` `[time]` to `[floor(nFft / 2) + 1, frames]`. With `padMode` `reflect` it is `torch.stft` (`normalized=False`).
 */
export function stft(samples: RealArray, options: StftOptions): ComplexMatrix {
  const frames = frameCount(samples.length, options);
  const bins = binCount(options);
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
 * Inverse STFT by overlap-add, each sample divided by the sum of squared windows that cover it, as `librosa.istft`.
 * `[floor(nFft / 2) + 1, frames]` to `[length]`, by default `hop * (frames - 1)` samples when centred.
 */
export function istft(spectrum: ComplexMatrix, options: IstftOptions): Float64Array {
  const { nFft, hopLength, length, leastWeight = 0 } = options;
  const bins = binCount(options);
  if (spectrum.bins !== bins) {
    throw new RangeError(`An FFT of ${nFft} has ${bins} bins, the spectrum has ${spectrum.bins}.`);
  }
  const padding = framePadding(options);
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
  const least = leastWeight === 0 ? 0 : leastWeight * weight.reduce((most, one) => Math.max(most, one), 0);
  for (let i = 0; i < samples.length; i++) {
    const divisor = Math.max(weight[i]!, least);
    if (divisor > tiny) samples[i]! /= divisor;
  }
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
