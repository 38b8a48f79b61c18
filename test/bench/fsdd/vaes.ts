import type { Experiment } from './experiment.ts';
import { mixtureFigures, reconstructionFigures, trainingFigures } from './figures.ts';

const budget = { epochs: 20, seeds: [0, 1, 2] };

/** papers/002: its standard VAE, compact, and the mixture VAE, with the prior learned either way. */
export const vaeExperiments: readonly Experiment[] = [
  {
    ...budget,
    name: 'fsdd-vae-compact',
    preset: 'fsdd-vae-compact',
    measure: async (run, workshop) => [
      ...trainingFigures(run),
      ...(await reconstructionFigures(run, workshop)),
    ],
  },
  ...(['em', 'gradient'] as const).map((learning): Experiment => ({
    ...budget,
    name: `gm-vae-compact, learning=${learning}`,
    preset: 'gm-vae-compact',
    settings: { learning },
    measure: async (run, workshop) => [
      ...trainingFigures(run),
      ...(await reconstructionFigures(run, workshop)),
      ...(await mixtureFigures(run, workshop)),
    ],
  })),
];
