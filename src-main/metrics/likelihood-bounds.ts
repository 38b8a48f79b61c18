import { boundDraws } from '../../src-preload/contract/commands/metrics.ts';
import type { MetricFacts } from './metric.ts';

const alike = {
  unit: 'nats',
  range: [null, null],
  better: 'higher',
  ratesHz: null,
} as const;

/**
 * Lower bounds of the log density of a recording's levels under a run whose decoder is a distribution. Inference reckons them
 * (inference/likelihood-bounds.ts): they compare the model with itself, not a sound with another.
 */
export const likelihoodBounds: readonly MetricFacts[] = [
  {
    ...alike,
    key: 'elbo_nats',
    title: 'ELBO',
    variant: `log density of all levels (0 to 1) of the clip, its padding too: mean of ${boundDraws} draws from the posterior`,
    source: 'Kingma and Welling: Auto-encoding variational Bayes, 2014; papers/002, section 5.1.1',
  },
  {
    ...alike,
    key: 'iwae_nats',
    title: 'IWAE bound',
    variant: `the same, importance-weighted: logarithm of the mean weight of ${boundDraws} draws, never below the ELBO`,
    source: 'Burda, Grosse and Salakhutdinov: Importance weighted autoencoders, 2016, equation 8',
  },
];
