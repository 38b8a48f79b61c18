import { energy } from '../dsp/level.ts';
import { blank, judged, type Metric } from './metric.ts';
import { dot } from './products.ts';

/** How much of the degraded is the reference at whatever gain, against the rest of it. */
export const siSdr: Metric = {
  key: 'si_sdr_db',
  title: 'SI-SDR',
  variant: 'scale-invariant, means not removed',
  unit: 'dB',
  range: [null, null],
  better: 'higher',
  ratesHz: null,
  source: 'Le Roux, Wisdom, Erdogan, Hershey: SDR - half-baked or well done?, ICASSP 2019, eq. 4',
  needsEqualLengths: true,
  measure({ reference, degraded }) {
    const gain = dot(degraded, reference) / energy(reference);
    let [target, noise] = [0, 0];
    for (let n = 0; n < reference.length; n++) {
      const wanted = gain * reference[n]!;
      target += wanted * wanted;
      noise += (degraded[n]! - wanted) ** 2;
    }
    // Of identical sounds only rounding is left over.
    if (noise <= target * 1e-28)
      return blank('infinite', 'they are the same but for a gain: the ratio is infinite');
    return judged(10 * Math.log10(target / noise));
  },
};
