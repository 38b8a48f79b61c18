import { energy } from '../dsp/level.ts';
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
