/**
 * STORN of papers/004 (Bayer and Osendorfer 2014): a recurrence over x gives z, one over z and the frames before gives x.
 * p(z_t); p(x_t | x_1:t-1, z_1:t); q(z_t | x_1:t). As the reference: x is generated from the true frames before it.
 */
import { z } from 'zod';
import { generationOfX, inferenceOfZ, mlpStage } from '../dynamical/factor-stages.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { headParameters } from '../dynamical/gaussian.ts';
import { linearParameters, mlpParameters, outputsOf } from '../dynamical/layers.ts';
import { lstm, recurrentOutputs, recurrentParameters, recurrentStages } from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';

export const storn = defineDynamical({
  id: 'storn',
  title: 'Stochastic recurrent network',
  name: 'STORN',
  properties: { autoregressive: true, truePosterior: false, dynamicalLatent: false },
  generation: { z: 'p(z_t)', x: 'p(x_t | x_1:t-1, z_1:t)' },
  schema: z.strictObject({
    ...sharedSettings,
    denseXToG: units('Layers from x to its recurrence', [256], 'dense_x_g'),
    recurrentG: recurrentUnits('Recurrence of the inference', 128, 'dim_RNN_g'),
    recurrentGLayers: recurrentLayers('Layers of the recurrence of the inference'),
    denseGToZ: units('Layers to z', [64, 32], 'dense_g_z'),
    denseZToH: units('Layers from z', [32, 64], 'dense_z_h'),
    denseXToH: units('Layers from the last x', [256], 'dense_xtm1_h'),
    recurrentH: recurrentUnits('Recurrence of the generation', 128, 'dim_RNN_h'),
    recurrentHLayers: recurrentLayers('Layers of the recurrence of the generation'),
    denseHToX: units('Layers to x', [256], 'dense_h_x'),
  }),
  network(config, xDim) {
    const zDim = config.latentDim;
    const fromX = { name: 'mlp_x_g', inputs: xDim, units: config.denseXToG };
    const inferring = lstm('rnn_g', {
      inputs: outputsOf(fromX),
      units: config.recurrentG,
      layers: config.recurrentGLayers,
    });
    const toZ = { name: 'mlp_g_z', inputs: recurrentOutputs(inferring), units: config.denseGToZ };
    const fromZ = { name: 'mlp_z_h', inputs: zDim, units: config.denseZToH };
    const fromBefore = { name: 'mlp_xtm1_h', inputs: xDim, units: config.denseXToH };
    const generating = lstm('rnn_h', {
      inputs: outputsOf(fromZ) + outputsOf(fromBefore),
      units: config.recurrentH,
      layers: config.recurrentHLayers,
    });
    const toX = { name: 'mlp_h_x', inputs: recurrentOutputs(generating), units: config.denseHToX };
    return {
      dims: { x: xDim, z: zDim, v: null },
      parameters: [
        ...mlpParameters(fromX),
        ...recurrentParameters(inferring),
        ...mlpParameters(toZ),
        ...headParameters('inf', outputsOf(toZ), zDim),
        ...mlpParameters(fromZ),
        ...mlpParameters(fromBefore),
        ...recurrentParameters(generating),
        ...mlpParameters(toX),
        ...linearParameters('gen_logvar', outputsOf(toX), xDim),
      ],
      factors: (layers) => ({
        past: [],
        inference: [
          mlpStage({ name: 'featuresOfX', of: ['x'], mlp: fromX, output: 'features' }, layers),
          ...recurrentStages(inferring, layers.weights, { inputs: ['features'], output: 'g' }),
          inferenceOfZ({ of: ['g'], mlp: toZ, head: 'inf' }, zDim, layers),
        ],
        generationOfZ: [],
        generationOfX: [
          mlpStage({ name: 'featuresOfZ', of: ['z'], mlp: fromZ, output: 'codes' }, layers),
          mlpStage({ name: 'featuresOfXBefore', of: ['xBefore'], mlp: fromBefore, output: 'heard' }, layers),
          ...recurrentStages(generating, layers.weights, { inputs: ['codes', 'heard'], output: 'h' }),
          generationOfX({ of: ['h'], mlp: toX }, xDim, layers),
        ],
      }),
    };
  },
});
