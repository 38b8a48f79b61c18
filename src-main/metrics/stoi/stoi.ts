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
    const [x, y] = [new Float64Array(segmentFrames), new Float64Array(segmentFrames)];
    let sum = 0;
    for (let band = 0; band < bandCount; band++) {
      for (let first = 0; first < segments; first++) {
        let [xx, yy] = [0, 0];
        for (let m = 0, at = first * bandCount + band; m < segmentFrames; m++, at += bandCount) {
          x[m] = envelopes.reference[at]!;
          y[m] = envelopes.degraded[at]!;
          xx += x[m]! * x[m]!;
          yy += y[m]! * y[m]!;
        }
        const gain = Math.sqrt(xx) / (Math.sqrt(yy) + Number.EPSILON);
        for (let m = 0; m < segmentFrames; m++) y[m] = Math.min(y[m]! * gain, x[m]! * clip);
        sum += correlation(x, y);
      }
    }
    return judged(sum / (segments * bandCount));
  },
};

/** Of two segments, in place; 0 where one of them does not move. */
function correlation(x: Float64Array, y: Float64Array): number {
  let [meanX, meanY] = [0, 0];
  for (let m = 0; m < x.length; m++) {
    meanX += x[m]! / x.length;
    meanY += y[m]! / y.length;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let m = 0; m < x.length; m++) {
    const [a, b] = [x[m]! - meanX, y[m]! - meanY];
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  return xy / ((Math.sqrt(xx) + Number.EPSILON) * (Math.sqrt(yy) + Number.EPSILON));
}

/** What both STOI and ESTOI say of a sound that has no segment. */
export function tooShort() {
  return blank('too-short', 'less than 0.4 s of speech is left when silent frames are taken out');
}
