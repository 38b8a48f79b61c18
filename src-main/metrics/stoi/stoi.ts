import { blank, judged, type Metric } from '../metric.ts';
import { bandCount, bandEnvelopes, segmentFrames } from './bands.ts';

/** The lowest signal-to-distortion ratio that counts, in dB: what is worse is clipped to it. */
const leastSdrDb = -15;

/** How intelligible noisy speech is: the mean correlation of short envelopes in one-third octaves. */
export const stoi: Metric = {
  key: 'stoi',
  title: 'STOI',
  variant: 'not extended; reference frames more than 40 dB below the loudest left out',
  unit: '',
  range: [-1, 1],
  better: 'higher',
  ratesHz: null,
  source:
    'Taal, Hendriks, Heusdens, Jensen: An Algorithm for Intelligibility Prediction of Time-Frequency Weighted Noisy Speech, IEEE Trans. ASLP 19, 2011',
  needsEqualLengths: true,
  measure({ reference, degraded, sampleRateHz }) {
    const envelopes = bandEnvelopes(reference, degraded, sampleRateHz);
    if (envelopes.frames < segmentFrames) return tooShort();
    const clip = 1 + 10 ** (-leastSdrDb / 20);
    const segments = envelopes.frames - segmentFrames + 1;
    const y = new Float64Array(segmentFrames);
    let sum = 0;
    // A band at a time, one value behind the other: a segment is then a stretch of memory.
    const count = envelopes.frames;
    const [xs, ys] = [new Float64Array(count), new Float64Array(count)];
    for (let band = 0; band < bandCount; band++) {
      for (let m = 0, at = band; m < count; m++, at += bandCount) {
        xs[m] = envelopes.reference[at]!;
        ys[m] = envelopes.degraded[at]!;
      }
      for (let first = 0; first < segments; first++) {
        const end = first + segmentFrames;
        let xx = 0;
        let yy = 0;
        let meanX = 0;
        for (let m = first; m < end; m++) {
          const one = xs[m]!;
          const other = ys[m]!;
          xx += one * one;
          yy += other * other;
          meanX += one;
        }
        meanX /= segmentFrames;
        const gain = Math.sqrt(xx) / (Math.sqrt(yy) + Number.EPSILON);
        let meanY = 0;
        for (let m = first, at = 0; m < end; m++, at++) {
          const clipped = Math.min(ys[m]! * gain, xs[m]! * clip);
          y[at] = clipped;
          meanY += clipped;
        }
        meanY /= segmentFrames;
        let varianceX = 0;
        let varianceY = 0;
        let both = 0;
        for (let m = first, at = 0; m < end; m++, at++) {
          const one = xs[m]! - meanX;
          const other = y[at]! - meanY;
          varianceX += one * one;
          varianceY += other * other;
          both += one * other;
        }
        // Zero where one of them does not move.
        sum += both / ((Math.sqrt(varianceX) + Number.EPSILON) * (Math.sqrt(varianceY) + Number.EPSILON));
      }
    }
    return judged(sum / (segments * bandCount));
  },
};

/** What both STOI and ESTOI say of a sound that has no segment. */
export function tooShort() {
  return blank('too-short', 'less than 0.4 s of speech is left when silent frames are taken out');
}
