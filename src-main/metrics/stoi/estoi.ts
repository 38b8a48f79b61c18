import { judged, type Metric } from '../metric.ts';
import { bandCount, bandEnvelopes, segmentFrames } from './bands.ts';
import { tooShort } from './stoi.ts';

/** STOI for maskers that change with time: segments are normalised in both directions and compared as spectra. */
export const estoi: Metric = {
  key: 'estoi',
  title: 'ESTOI',
  variant: 'extended STOI; reference frames more than 40 dB below the loudest left out',
  unit: '',
  range: [-1, 1],
  better: 'higher',
  ratesHz: null,
  source:
    'Jensen, Taal: An Algorithm for Predicting the Intelligibility of Speech Masked by Modulated Noise Maskers, IEEE/ACM Trans. ASLP 24, 2016',
  needsEqualLengths: true,
  measure({ reference, degraded, sampleRateHz }) {
    const envelopes = bandEnvelopes(reference, degraded, sampleRateHz);
    if (envelopes.frames < segmentFrames) return tooShort();
    const segments = envelopes.frames - segmentFrames + 1;
    const size = segmentFrames * bandCount;
    const [x, y] = [new Float64Array(size), new Float64Array(size)];
    let sum = 0;
    for (let first = 0; first < segments; first++) {
      x.set(envelopes.reference.subarray(first * bandCount, first * bandCount + size));
      y.set(envelopes.degraded.subarray(first * bandCount, first * bandCount + size));
      for (const segment of [x, y]) {
        for (let band = 0; band < bandCount; band++) normalise(segment, band, bandCount, segmentFrames);
        for (let m = 0; m < segmentFrames; m++) normalise(segment, m * bandCount, 1, bandCount);
      }
      for (let n = 0; n < size; n++) sum += x[n]! * y[n]!;
    }
    return judged(sum / segmentFrames / segments);
  },
};

/** `count` values from `at` on, `stride` apart: no mean, unit norm. In place; zero where they are all alike. */
function normalise(values: Float64Array, at: number, stride: number, count: number): void {
  const end = at + stride * count;
  let mean = 0;
  for (let n = at; n < end; n += stride) mean += values[n]! / count;
  let energy = 0;
  for (let n = at; n < end; n += stride) {
    values[n]! -= mean;
    energy += values[n]! * values[n]!;
  }
  const norm = Math.sqrt(energy) + Number.EPSILON;
  for (let n = at; n < end; n += stride) values[n]! /= norm;
}
