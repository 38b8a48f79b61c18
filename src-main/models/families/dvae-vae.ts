/**
 * The VAE of papers/004 (Bie et al. 2021): every frame by itself, the baseline of the benchmark.
 * p(x, z) = prod_t p(x_t | z_t) p(z_t); q(z | x) = prod_t q(z_t | x_t); both by perceptrons, the decoder a mirrored encoder.
 */
import { z } from 'zod';
import { defineDynamical } from '../dynamical/family.ts';
import { linear, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import { gaussianHead, headParameters } from '../dynamical/network.ts';
import { sharedSettings, units } from '../dynamical/settings.ts';
import { frameStage } from '../dynamical/stage.ts';

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
      stages: (weights, activation) => [
        frameStage({
          name: 'inference',
          inputs: ['x', 'eps'],
          outputs: { zMean: zDim, zLogVar: zDim, z: zDim },
          run({ x, eps }, pass) {
            const features = runMlp(x, encoder, { weights, activation, pass });
            const { mean, logVar, draw } = gaussianHead(features, eps, 'inf', weights);
            return { zMean: mean, zLogVar: logVar, z: draw };
          },
        }),
        frameStage({
          name: 'generationOfX',
          inputs: ['z'],
          outputs: { xLogVar: xDim },
          run: ({ z: code }, pass) => ({
            xLogVar: linear(runMlp(code, decoder, { weights, activation, pass }), 'gen_logvar', weights),
          }),
        }),
      ],
    };
  },
});
