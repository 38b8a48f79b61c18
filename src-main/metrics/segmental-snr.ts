import { blank, judged, type Metric } from './metric.ts';

/** Frames of 30 ms, three quarters of each in the next. */
const frameSec = 0.03;
const leastDb = -10;
const mostDb = 35;

/** The mean of the SNR of short frames, each within limits, so that pauses do not decide. */
export const segmentalSnr: Metric = {
  key: 'seg_snr_db',
  title: 'Segmental SNR',
  variant: 'frames of 30 ms overlapping by 75 %, Hann window, each limited to -10..35 dB',
  unit: 'dB',
  range: [leastDb, mostDb],
  better: 'higher',
  ratesHz: null,
  source:
    'Loizou: Speech Enhancement, 2nd ed., 2013, section 11.1.1; limits as Hansen and Pellom, ICSLP 1998',
  needsEqualLengths: true,
  measure({ reference, degraded, sampleRateHz }) {
    const length = Math.round(frameSec * sampleRateHz);
    const hop = Math.floor(length / 4);
    if (reference.length < length) return blank('too-short', 'it is shorter than a frame of 30 ms');
    const window = Float64Array.from(
      { length },
      (_, n) => 0.5 * (1 - Math.cos((2 * Math.PI * (n + 1)) / (length + 1))),
    );
    let [sum, frames] = [0, 0];
    for (let at = 0; at + length <= reference.length; at += hop) {
      let [signal, noise] = [0, 0];
      for (let n = 0; n < length; n++) {
        const wanted = reference[at + n]! * window[n]!;
        const difference = wanted - degraded[at + n]! * window[n]!;
        signal += wanted * wanted;
        noise += difference * difference;
      }
      // A frame in which both are zero has no noise at all, and one without noise the most that counts.
      const ratioDb = noise === 0 ? mostDb : 10 * Math.log10(signal / noise);
      sum += Math.max(leastDb, Math.min(mostDb, ratioDb));
      frames++;
    }
    return judged(sum / frames);
  },
};
