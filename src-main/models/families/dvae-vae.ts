/**
 * The VAE of papers/004 (Bie et al. 2021): every frame by itself, the baseline of the benchmark.
 * p(x, z) = prod_t p(x_t | z_t) p(z_t); q(z | x) = prod_t q(z_t | x_t); both by perceptrons, the decoder a mirrored encoder.
 */
import { z } from 'zod';
import { generationOfX, inferenceOfZ } from '../dynamical/factor-stages.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { headParameters } from '../dynamical/gaussian.ts';
import { linearParameters, mlpParameters, outputsOf } from '../dynamical/layers.ts';
import { sharedSettings, units } from '../dynamical/settings.ts';

export const dvaeVae = defineDynamical({
  id: 'dvae-vae',
  title: 'VAE of single frames',
  name: 'VAE',
  properties: { autoregressive: false, truePosterior: false, dynamicalLatent: false },
  generation: { z: 'p(z_t)', x: 'p(x_t | z_t)' },
  schema: z.strictObject({
    ...sharedSettings,
    denseXToZ: units('Layers from x to z', [256, 128, 64, 32], 'dense_x_z; the decoder has them in reverse.'),
  }),
  network(config, xDim) {
    const zDim = config.latentDim;
    const encoder = { name: 'mlp_x_z', inputs: xDim, units: config.denseXToZ };
    const decoder = { name: 'mlp_z_x', inputs: zDim, units: config.denseXToZ.toReversed() };
    return {
      dims: { x: xDim, z: zDim, v: null },
      parameters: [
        ...mlpParameters(encoder),
        ...headParameters('inf', outputsOf(encoder), zDim),
        ...mlpParameters(decoder),
        ...linearParameters('gen_logvar', outputsOf(decoder), xDim),
      ],
      factors: (layers) => ({
        past: [],
        inference: [inferenceOfZ({ of: ['x'], mlp: encoder, head: 'inf' }, zDim, layers)],
        generationOfZ: [],
        generationOfX: [generationOfX({ of: ['z'], mlp: decoder }, xDim, layers)],
      }),
    };
  },
});
