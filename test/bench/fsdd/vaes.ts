import type { Experiment } from './experiment.ts';
import { reconstructionFigures, trainingFigures } from './figures.ts';

/** papers/002: its standard VAE, compact. */
export const vaeExperiments: readonly Experiment[] = [
  {
    name: 'fsdd-vae-compact',
    preset: 'fsdd-vae-compact',
    epochs: 20,
    seeds: [0, 1, 2],
    measure: async (run, workshop) => [
      ...trainingFigures(run),
      ...(await reconstructionFigures(run, workshop)),
    ],
  },
];
