import { cepstralDistanceDb, melCepstra, soundingFrames } from './mel-cepstra.ts';
import { blank, judged, type Metric } from './metric.ts';

/** How far apart the timbres are: the distance of mel-cepstra, frame by frame. */
export const mcd: Metric = {
  key: 'mcd_db',
  title: 'MCD',
  variant:
    'frame by frame, no warping; c1..c24 of 40 HTK mel bands (32 ms Hann, half overlapping); reference frames within 40 dB of the loudest; not the SPTK or WORLD analysis',
  unit: 'dB',
  range: [0, null],
  better: 'lower',
  ratesHz: null,
  source:
    "Kubichek: Mel-cepstral distance measure for objective speech quality assessment, IEEE PacRim 1993: 10 / ln 10 sqrt(2 sum (c - c')^2)",
  needsEqualLengths: true,
  measure({ reference, degraded, sampleRateHz }) {
    const [one, other] = [melCepstra(reference, sampleRateHz), melCepstra(degraded, sampleRateHz)];
    const frames = soundingFrames(one);
    let sum = 0;
    for (const frame of frames) sum += cepstralDistanceDb(one, frame, other, frame);
    return frames.length === 0
      ? blank('too-short', 'there is no frame of sound')
      : judged(sum / frames.length);
  },
};
