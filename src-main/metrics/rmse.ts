import { energy, peak } from '../dsp/level.ts';
import { judged, type Metric } from './metric.ts';
import { dot, squaredDistance } from './products.ts';

/** The root mean square of what is left when the degraded is given the gain that leaves the least. */
export const rmse: Metric = {
  key: 'rmse',
  title: 'RMSE',
  variant: 'degraded scaled by least squares, reference as it is (full scale 1)',
  unit: '',
  range: [0, null],
  better: 'lower',
  ratesHz: null,
  source: 'Girin et al.: Dynamical Variational Autoencoders, 2021, section 13.3, as in its DVAE-speech code',
  needsEqualLengths: true,
  measure({ reference, degraded }) {
    const gain = dot(degraded, reference) / energy(degraded);
    return judged(Math.sqrt(squaredDistance(reference, degraded, gain) / reference.length));
  },
};

/** The same as a share of the reference's peak, so that loud and quiet recordings count alike. */
export const rmseNormalised: Metric = {
  ...rmse,
  key: 'rmse_normalised',
  title: 'RMSE, normalised',
  variant: 'reference at a peak of 1, degraded scaled to it by least squares',
  source: `${rmse.source} and papers/004: recordings are brought to a peak of 1`,
  measure(pair) {
    const { value, blank } = rmse.measure(pair);
    return blank ? { value, blank } : judged(value / peak(pair.reference));
  },
};
