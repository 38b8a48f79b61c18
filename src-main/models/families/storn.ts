/**
 * STORN of papers/004 (Bayer and Osendorfer 2014): a recurrence over x gives z, one over z and the frames before gives x.
 * p(z_t); p(x_t | x_1:t-1, z_1:t); q(z_t | x_1:t). As the reference: x is generated from the true frames before it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { defineDynamical } from '../dynamical/family.ts';
import { linear, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import { gaussianHead, headParameters } from '../dynamical/network.ts';
import {
  previousStage,
  recurrentOutputs,
  recurrentParameters,
  recurrentStages,
} from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';
import { frameStage } from '../dynamical/stage.ts';

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
    const inferring = {
      name: 'rnn_g',
      kind: 'lstm',
      inputs: outputsOf(fromX),
      units: config.recurrentG,
      layers: config.recurrentGLayers,
      bidirectional: false,
    } as const;
    const toZ = { name: 'mlp_g_z', inputs: recurrentOutputs(inferring), units: config.denseGToZ };
    const fromZ = { name: 'mlp_z_h', inputs: zDim, units: config.denseZToH };
    const fromBefore = { name: 'mlp_xtm1_h', inputs: xDim, units: config.denseXToH };
    const joined = outputsOf(fromZ) + outputsOf(fromBefore);
    const generating = {
      name: 'rnn_h',
      kind: 'lstm',
      inputs: joined,
      units: config.recurrentH,
      layers: config.recurrentHLayers,
      bidirectional: false,
    } as const;
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
      stages: (weights, activation) => [
        frameStage({
          name: 'featuresOfX',
          inputs: ['x'],
          outputs: { features: outputsOf(fromX) },
          run: ({ x }, pass) => ({ features: runMlp(x, fromX, { weights, activation, pass }) }),
        }),
        ...recurrentStages(inferring, weights, { input: 'features', output: 'g' }),
        frameStage({
          name: 'inference',
          inputs: ['g', 'eps'],
          outputs: { zMean: zDim, zLogVar: zDim, z: zDim },
          run({ g, eps }, pass) {
            const features = runMlp(g, toZ, { weights, activation, pass });
            const { mean, logVar, draw } = gaussianHead(features, eps, 'inf', weights);
            return { zMean: mean, zLogVar: logVar, z: draw };
          },
        }),
        previousStage('x', 'xBefore', xDim),
        frameStage({
          name: 'featuresOfZAndXBefore',
          inputs: ['z', 'xBefore'],
          outputs: { known: joined },
          run({ z: code, xBefore }, pass) {
            const context = { weights, activation, pass };
            return {
              known: tf.concat([runMlp(code, fromZ, context), runMlp(xBefore, fromBefore, context)], 1),
            };
          },
        }),
        ...recurrentStages(generating, weights, { input: 'known', output: 'h' }),
        frameStage({
          name: 'generationOfX',
          inputs: ['h'],
          outputs: { xLogVar: xDim },
          run: ({ h }, pass) => ({
            xLogVar: linear(runMlp(h, toX, { weights, activation, pass }), 'gen_logvar', weights),
          }),
        }),
      ],
    };
  },
});
