import { nextPowerOfTwo, realFft } from './fft.ts';
import { energy } from './level.ts';
import type { RealArray } from './matrix.ts';

/** How much later one signal comes than another. */
export interface Lag {
  /** By how much `degraded` is late, in samples; a fraction where it falls between them. */
  samples: number;
  /** The correlation there, -1..1 of the energies: negative where one is the other upside down. */
  correlation: number;
}

/**
 * The lag at which two signals are most alike, of either polarity, within `mostSamples` either way.
 *
 * The whole part is the peak of the cross-correlation, by FFT. The fraction is where its derivative vanishes, taken from
 * the cross-spectrum itself, that is from the band-limited correlation between the samples. A parabola through three
 * samples of it is wrong by up to 0.05 samples, since the peak of a wide-band signal is no parabola.
 */
export function findLag(reference: RealArray, degraded: RealArray, mostSamples: number): Lag {
  const norm = Math.sqrt(energy(reference) * energy(degraded));
  if (norm === 0) return { samples: 0, correlation: 0 };
  const cross = crossSpectrum(reference, degraded);
  const whole = peakOf(
    cross,
    Math.min(mostSamples, degraded.length - 1),
    Math.min(mostSamples, reference.length - 1),
  );
  const samples = refine(cross, whole);
  return { samples, correlation: derivatives(cross, samples).value / norm };
}

/** `conj(R) D` of signals padded so that nothing wraps around: its inverse transform is `c[l] = sum_n r[n] d[n + l]`. */
interface CrossSpectrum {
  size: number;
  re: Float64Array;
  im: Float64Array;
}

function crossSpectrum(reference: RealArray, degraded: RealArray): CrossSpectrum {
  const size = nextPowerOfTwo(Math.max(4, reference.length + degraded.length));
  const fft = realFft(size);
  const padded = new Float64Array(size);
  padded.set(reference);
  const [referenceRe, referenceIm] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
  fft.forward(padded, referenceRe, referenceIm);
  padded.fill(0);
  padded.set(degraded);
  const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
  fft.forward(padded, re, im);
  for (let bin = 0; bin < fft.bins; bin++) {
    const [a, b, c, d] = [referenceRe[bin]!, referenceIm[bin]!, re[bin]!, im[bin]!];
    re[bin] = a * c + b * d;
    im[bin] = a * d - b * c;
  }
  return { size, re, im };
}

/** The whole lag in `-mostEarly..mostLate` with the largest magnitude of correlation; of equals the one nearest to 0. */
function peakOf({ size, re, im }: CrossSpectrum, mostLate: number, mostEarly: number): number {
  const correlation = new Float64Array(size);
  realFft(size).inverse(re, im, correlation);
  let peak = 0;
  const consider = (lag: number): void => {
    const value = Math.abs(correlation[(lag + size) % size]!);
    if (value > Math.abs(correlation[(peak + size) % size]!)) peak = lag;
  };
  for (let distance = 1; distance <= Math.max(mostLate, mostEarly); distance++) {
    if (distance <= mostLate) consider(distance);
    if (distance <= mostEarly) consider(-distance);
  }
  return peak;
}

/** Newton's method on the derivative, kept within a sample of where it began. */
function refine(cross: CrossSpectrum, whole: number): number {
  let lag = whole;
  for (let round = 0; round < 12; round++) {
    const { value, first, second } = derivatives(cross, lag);
    // Curved as at the peak of this polarity, or the step leads away from it.
    if (second === 0 || Math.sign(second) === Math.sign(value)) return whole;
    const step = -first / second;
    lag = Math.max(whole - 1, Math.min(whole + 1, lag + step));
    if (Math.abs(step) < 1e-7) break;
  }
  return lag;
}

/** The correlation at any lag, and its first and second derivative there. */
function derivatives({ size, re, im }: CrossSpectrum, lag: number) {
  let value = re[0]!;
  let first = 0;
  let second = 0;
  const turn = (2 * Math.PI) / size;
  const [stepRe, stepIm] = [Math.cos(turn * lag), Math.sin(turn * lag)];
  let c = 1;
  let s = 0;
  for (let bin = 1; bin < size / 2; bin++) {
    if (bin % 512 === 0) {
      // The rotation is carried on by multiplication; taken afresh now and then, its error stays at rounding.
      c = Math.cos(turn * bin * lag);
      s = Math.sin(turn * bin * lag);
    } else {
      const turned = c * stepRe - s * stepIm;
      s = c * stepIm + s * stepRe;
      c = turned;
    }
    const omega = turn * bin;
    const along = re[bin]! * c - im[bin]! * s;
    const across = re[bin]! * s + im[bin]! * c;
    value += 2 * along;
    first -= 2 * omega * across;
    second -= 2 * omega * omega * along;
  }
  return { value: value / size, first: first / size, second: second / size };
}
