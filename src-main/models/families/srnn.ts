/**
 * SRNN of papers/004 (Fraccaro et al. 2016): a deterministic recurrence h over x, apart from the chain of z.
 * p(z_t | z_t-1, h_t), p(x_t | z_t, h_t) with h_t of x_1:t-1; q(z_t | z_t-1, x_1:T) through a recurrence g over h and x that runs
 * backward. As the reference: x is generated from the true frames before it; before the first frame x and z are 0.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { generationOfX, generationOfZ, inferenceThroughZ, mlpStage } from '../dynamical/factor-stages.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { headParameters } from '../dynamical/gaussian.ts';
import { lateMlp, linearParameters, mlpParameters, outputsOf } from '../dynamical/layers.ts';
import { lstm, recurrentParameters, recurrentStages } from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';

export const srnn = defineDynamical({
  id: 'srnn',
  title: 'Stochastic recurrent network with a separate deterministic layer',
  name: 'SRNN',
  properties: { autoregressive: true, truePosterior: true, dynamicalLatent: true },
  generation: { z: 'p(z_t | x_1:t-1, z_1:t-1)', x: 'p(x_t | x_1:t-1, z_t)' },
  schema: z.strictObject({
    ...sharedSettings,
    denseXToH: units('Layers from the last x', [256], 'dense_x_h'),
    recurrentH: recurrentUnits('Recurrence of the generation', 128, 'dim_RNN_h'),
    recurrentHLayers: recurrentLayers('Layers of the recurrence of the generation'),
    denseHxToG: units('Layers from h and x', [256], 'dense_hx_g'),
    recurrentG: recurrentUnits('Recurrence of the inference', 128, 'dim_RNN_g; it runs backward in time.'),
    recurrentGLayers: recurrentLayers('Layers of the recurrence of the inference'),
    denseGzToZ: units('Layers from g and the last z', [64, 32], 'dense_gz_z'),
    denseHzToX: units('Layers from h and z to x', [256], 'dense_hz_x'),
    denseHzToZ: units('Layers of the prior', [64, 32], 'dense_hz_z'),
  }),
  network(config, xDim) {
    const [zDim, hDim, gDim] = [config.latentDim, config.recurrentH, config.recurrentG];
    const fromX = { name: 'mlp_x_h', inputs: xDim, units: config.denseXToH };
    const deterministic = lstm('rnn_h', {
      inputs: outputsOf(fromX),
      units: hDim,
      layers: config.recurrentHLayers,
    });
    const fromHx = { name: 'mlp_hx_g', inputs: hDim + xDim, units: config.denseHxToG };
    const backward = lstm('rnn_g', {
      inputs: outputsOf(fromHx),
      units: gDim,
      layers: config.recurrentGLayers,
    });
    const toZ = { name: 'mlp_gz_z', inputs: gDim + zDim, units: config.denseGzToZ };
    const prior = { name: 'mlp_hz_z', inputs: hDim + zDim, units: config.denseHzToZ };
    const toX = { name: 'mlp_hz_x', inputs: hDim + zDim, units: config.denseHzToX };
    return {
      dims: { x: xDim, z: zDim, v: null },
      parameters: [
        ...mlpParameters(fromX),
        ...recurrentParameters(deterministic),
        ...mlpParameters(fromHx),
        ...recurrentParameters(backward),
        ...mlpParameters(toZ),
        ...headParameters('inf', outputsOf(toZ), zDim),
        ...mlpParameters(prior),
        ...headParameters('prior', outputsOf(prior), zDim),
        ...mlpParameters(toX),
        ...linearParameters('gen_logvar', outputsOf(toX), xDim),
      ],
      factors: (layers) => ({
        past: [
          mlpStage({ name: 'featuresOfXBefore', of: ['xBefore'], mlp: fromX, output: 'features' }, layers),
          ...recurrentStages(deterministic, layers.weights, { inputs: ['features'], output: 'h' }),
        ],
        inference: [
          mlpStage({ name: 'featuresOfHAndX', of: ['h', 'x'], mlp: fromHx, output: 'joined' }, layers),
          ...recurrentStages(backward, layers.weights, { inputs: ['joined'], output: 'g', flipped: true }),
          inferenceThroughZ(
            {
              of: 'g',
              zDim,
              carry: { z: zDim },
              open(g, pass) {
                const encoder = lateMlp(toZ, gDim, { ...layers, pass });
                return {
                  prepared: [encoder.prepare(g)],
                  step: ({ carried, prepared: [encoded], draw, site }) => ({
                    carry: { z: draw(encoder.run(encoded as tf.Tensor2D, carried.z as tf.Tensor2D, site)) },
                  }),
                };
              },
            },
            layers,
          ),
        ],
        generationOfZ: [generationOfZ({ of: ['h', 'zBefore'], mlp: prior }, zDim, layers)],
        generationOfX: [generationOfX({ of: ['h', 'z'], mlp: toX }, xDim, layers)],
      }),
    };
  },
});
