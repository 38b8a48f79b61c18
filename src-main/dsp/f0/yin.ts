import { nextPowerOfTwo, realFft } from '../fft.ts';
import { tiny } from '../stft.ts';

/** The periods that are looked at, in samples, both included. */
export interface PeriodRange {
  least: number;
  most: number;
}

/**
 * Makes the cumulative mean normalised difference of frames of `frameLength` samples, at the periods of `range`.
 *
 * A. de Cheveigne, H. Kawahara, "YIN, a fundamental frequency estimator for speech and music", JASA 111(4), 2002, equation 8,
 * with the difference as librosa 0.11 reckons it: the whole frame against itself shifted, what falls off the end being left
 * out. The result's array is reused by the next call.
 */
export function differenceMaker(
  frameLength: number,
  range: PeriodRange,
): (frame: Float64Array) => Float64Array {
  const fft = realFft(nextPowerOfTwo(frameLength + range.most + 1));
  const padded = new Float64Array(fft.size);
  const correlation = new Float64Array(fft.size);
  const re = new Float64Array(fft.bins);
  const im = new Float64Array(fft.bins);
  const normalised = new Float64Array(range.most - range.least + 1);
  return (frame) => {
    padded.set(frame);
    fft.forward(padded, re, im);
    for (let bin = 0; bin < fft.bins; bin++) {
      re[bin] = re[bin]! * re[bin]! + im[bin]! * im[bin]!;
      im[bin] = 0;
    }
    fft.inverse(re, im, correlation);
    const whole = correlation[0]!;
    let head = 0;
    let sum = 0;
    for (let period = 1; period <= range.most; period++) {
      head += frame[period - 1]! * frame[period - 1]!;
      const difference = 2 * (whole - correlation[period]!) - head;
      sum += difference;
      if (period >= range.least) normalised[period - range.least] = difference / (sum / period + tiny);
    }
    return normalised;
  };
}

/**
 * By how much the minimum of the parabola through `values[at - 1 .. at + 1]` lies off `at`; 0 at the ends, and where it would
 * be off by a whole place or more.
 */
export function parabolicShift(values: Float64Array, at: number): number {
  if (at <= 0 || at >= values.length - 1) return 0;
  const curvature = values[at + 1]! + values[at - 1]! - 2 * values[at]!;
  const slope = (values[at + 1]! - values[at - 1]!) / 2;
  return Math.abs(slope) >= Math.abs(curvature) ? 0 : -slope / curvature;
}
