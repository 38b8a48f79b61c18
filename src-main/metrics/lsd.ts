import { nextPowerOfTwo } from '../dsp/fft.ts';
import { frameCount, forEachFrame } from '../dsp/stft.ts';
import type { RealArray } from '../dsp/matrix.ts';
import { judged, type Metric } from './metric.ts';

/** Power below this counts as this. */
const floor = 1e-10;

/** How far apart the spectra are, in dB. */
export const lsd: Metric = {
  key: 'lsd_db',
  title: 'LSD',
  variant:
    'mean over all frames of the root mean square over bins of 10 log10 power spectra, floor 1e-10; Hann windows of 32 ms (a power of two in samples), half overlapping, centred',
  unit: 'dB',
  range: [0, null],
  better: 'lower',
  ratesHz: null,
  source: 'Gray and Markel: Distance measures for speech processing, IEEE Trans. ASSP 24, 1976',
  needsEqualLengths: true,
  measure({ reference, degraded, sampleRateHz }) {
    const nFft = windowSamples(sampleRateHz);
    const bins = nFft / 2 + 1;
    const [one, other] = [levels(reference, nFft), levels(degraded, nFft)];
    const frames = one.length / bins;
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) {
      let squares = 0;
      for (let at = frame * bins; at < (frame + 1) * bins; at++) squares += (one[at]! - other[at]!) ** 2;
      sum += Math.sqrt(squares / bins);
    }
    return judged(sum / frames);
  },
};

/** 32 ms as a power of two: 256 at 8 kHz, 512 at 16 kHz, 1024 at 22.05 kHz to 44.1 kHz and 2048 from there on. */
function windowSamples(sampleRateHz: number): number {
  return Math.max(4, nextPowerOfTwo(0.032 * sampleRateHz * (1 - 1e-9)));
}

/** `[frames, bins]` in dB. */
function levels(samples: RealArray, nFft: number): Float64Array {
  const options = { nFft, hopLength: nFft / 2 };
  const bins = nFft / 2 + 1;
  const db = new Float64Array(frameCount(samples.length, options) * bins).fill(10 * Math.log10(floor));
  forEachFrame(samples, options, (frame, re, im) => {
    for (let bin = 0; bin < bins; bin++) {
      db[frame * bins + bin] = 10 * Math.log10(re[bin]! * re[bin]! + im[bin]! * im[bin]! + floor);
    }
  });
  return db;
}
