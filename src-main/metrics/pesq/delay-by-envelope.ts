import { nextPowerOfTwo, realFft } from '../../dsp/fft.ts';

/** How alike two envelopes are at every lag. */
export interface EnvelopeCorrelation {
  /** By how many steps the degraded is late: where they are most alike, 0 where they have nothing in common. */
  steps: number;
  /** From the degraded all before the reference to all behind it; empty where one of them has no two steps. */
  values: Float64Array;
}

/** Correlates envelopes in steps. */
export function correlateEnvelopes(reference: Float64Array, degraded: Float64Array): EnvelopeCorrelation {
  const [n, m] = [reference.length, degraded.length];
  if (n <= 1 || m <= 1) return { steps: 0, values: new Float64Array(0) };
  const fft = realFft(2 * nextPowerOfTwo(Math.max(n, m)));
  const padded = new Float64Array(fft.size);
  // Turned round in time, the product of spectra is the correlation, its lag 0 at index n - 1.
  for (let k = 0; k < n; k++) padded[k] = reference[n - 1 - k]!;
  const [aRe, aIm] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
  fft.forward(padded, aRe, aIm);
  padded.fill(0);
  padded.set(degraded);
  const [bRe, bIm] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
  fft.forward(padded, bRe, bIm);
  for (let bin = 0; bin < fft.bins; bin++) {
    const re = aRe[bin]! * bRe[bin]! - aIm[bin]! * bIm[bin]!;
    bIm[bin] = aRe[bin]! * bIm[bin]! + aIm[bin]! * bRe[bin]!;
    bRe[bin] = re;
  }
  fft.inverse(bRe, bIm, padded);
  let [largest, at] = [0, n - 1];
  for (let k = 0; k < n + m - 1; k++) if (padded[k]! > largest) [largest, at] = [padded[k]!, k];
  return { steps: at - (n - 1), values: padded.subarray(0, n + m - 1) };
}
