import type { Experiment } from './experiment.ts';
import { mixtureFigures, reconstructionFigures } from './figures.ts';

/** A fraction of the compact net's filters: a step takes a seventh of the time, so that there are steps enough to tell priors apart. */
const net = { filters: '8,16,32,64,64', batchSize: '32' };
const budget = { epochs: 6, seeds: [0, 1, 2] };

/** The mixture VAE with other settings than its preset's. */
const mixtures: Record<string, Readonly<Record<string, string>>> = {
  // Up to an affine map of the code, which the net can learn: a standard Gaussian with this decoder.
  'one Gaussian': { components: '1' },
  'K = 10': {},
  'K = 30': { components: '30' },
  'K = 10, KL by the bound': { kl: 'bound' },
  'K = 10, prior learned by gradient': { learning: 'gradient' },
};

/** papers/002: its standard VAE, and the mixture VAE with a prior of one Gaussian and more, with its KL either way. */
export const vaeExperiments: readonly Experiment[] = [
  {
    ...budget,
    name: 'standard VAE',
    preset: 'fsdd-vae-compact',
    settings: net,
    measure: (run, workshop) => reconstructionFigures(run, workshop, { likelihood: true }),
  },
  ...Object.entries(mixtures).map(([name, settings]): Experiment => ({
    ...budget,
    name: `mixture VAE, ${name}`,
    preset: 'gm-vae-compact',
    settings: { ...net, ...settings },
    measure: async (run, workshop) => [
      ...(await reconstructionFigures(run, workshop, { likelihood: true })),
      ...(await mixtureFigures(run, workshop)),
    ],
  })),
];
