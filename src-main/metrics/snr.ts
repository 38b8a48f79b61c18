import { energy } from '../dsp/level.ts';
import { blank, judged, type Metric } from './metric.ts';
import { squaredDistance } from './products.ts';

/** The reference's energy against that of the difference, gain and all. */
export const snr: Metric = {
  key: 'snr_db',
  title: 'SNR',
  variant: 'over the whole sound, no scaling',
  unit: 'dB',
  range: [null, null],
  better: 'higher',
  ratesHz: null,
  source: '10 log10(sum r^2 / sum (r - d)^2)',
  needsEqualLengths: true,
  measure({ reference, degraded }) {
    const noise = squaredDistance(reference, degraded);
    if (noise === 0) return blank('infinite', 'they are the same: the ratio is infinite');
    return judged(10 * Math.log10(energy(reference) / noise));
  },
};
