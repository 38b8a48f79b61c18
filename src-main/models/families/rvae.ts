/**
 * RVAE of papers/004 (Leglaive et al. 2020): z is standard normal and independent over time; x comes of a recurrence over z.
 * Causal: p(x_t | z_1:t), q(z_t | z_1:t-1, x_t:T); non-causal: p(x_t | z_1:T), q(z_t | z_1:t-1, x_1:T).
 * As the reference: the recurrence over x runs over the flipped sequence, so of both directions the backward one comes first, and "causal" still looks
 * at the future of x in its inference.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { generationOfX, inferenceThroughZ, mlpStage } from '../dynamical/factor-stages.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { headParameters } from '../dynamical/gaussian.ts';
import { lateMlp, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import {
  cellStack,
  lstm,
  recurrentOutputs,
  recurrentParameters,
  recurrentStages,
} from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';

export const rvae = defineDynamical({
  id: 'rvae',
  title: 'Recurrent VAE',
  name: 'RVAE',
  properties: { autoregressive: false, truePosterior: true, dynamicalLatent: false },
  generation: { z: 'p(z_t)', x: 'p(x_t | z_1:t), or of z_1:T where it is not causal' },
  schema: z.strictObject({
    ...sharedSettings,
    denseXToGx: units('Layers from x to its recurrence', [256], 'dense_x_gx'),
    recurrentGx: recurrentUnits('Recurrence over x', 128, 'dim_RNN_g_x; it runs backward in time.'),
    recurrentGxLayers: recurrentLayers('Layers of the recurrence over x'),
    bidirectionalGx: z.boolean().default(false).meta({
      title: 'Recurrence over x in both directions',
      help: 'bidir_g_x: true in the non-causal model.',
    }),
    denseZToGz: units('Layers from the last z', [32, 64], 'dense_z_gz'),
    recurrentGz: recurrentUnits('Recurrence over z', 128, 'dim_RNN_g_z'),
    recurrentGzLayers: recurrentLayers('Layers of the recurrence over z'),
    denseGToZ: units('Layers to z', [64, 32], 'dense_g_z'),
    denseZToH: units('Layers from z', [32, 64], 'dense_z_h'),
    recurrentH: recurrentUnits('Recurrence of the generation', 128, 'dim_RNN_h'),
    recurrentHLayers: recurrentLayers('Layers of the recurrence of the generation'),
    bidirectionalH: z.boolean().default(false).meta({
      title: 'Recurrence of the generation in both directions',
      help: 'bidir_h: true in the non-causal model.',
    }),
    denseHToX: units('Layers to x', [256], 'dense_h_x'),
  }),
  network(config, xDim) {
    const zDim = config.latentDim;
    const fromX = { name: 'mlp_x_gx', inputs: xDim, units: config.denseXToGx };
    const overX = lstm('rnn_g_x', {
      inputs: outputsOf(fromX),
      units: config.recurrentGx,
      layers: config.recurrentGxLayers,
      bidirectional: config.bidirectionalGx,
    });
    const fromZ = { name: 'mlp_z_gz', inputs: zDim, units: config.denseZToGz };
    const overZ = lstm('rnn_g_z', {
      inputs: outputsOf(fromZ),
      units: config.recurrentGz,
      layers: config.recurrentGzLayers,
    });
    const gxDim = recurrentOutputs(overX);
    const toZ = { name: 'mlp_g_z', inputs: gxDim + config.recurrentGz, units: config.denseGToZ };
    const ofZ = { name: 'mlp_z_h', inputs: zDim, units: config.denseZToH };
    const generating = lstm('rnn_h', {
      inputs: outputsOf(ofZ),
      units: config.recurrentH,
      layers: config.recurrentHLayers,
      bidirectional: config.bidirectionalH,
    });
    const toX = { name: 'mlp_h_x', inputs: recurrentOutputs(generating), units: config.denseHToX };
    const stack = cellStack(overZ);
    return {
      dims: { x: xDim, z: zDim, v: null },
      parameters: [
        ...mlpParameters(fromX),
        ...recurrentParameters(overX),
        ...mlpParameters(fromZ),
        ...recurrentParameters(overZ),
        ...mlpParameters(toZ),
        ...headParameters('inf', outputsOf(toZ), zDim),
        ...mlpParameters(ofZ),
        ...recurrentParameters(generating),
        ...mlpParameters(toX),
        ...linearParameters('gen_logvar', outputsOf(toX), xDim),
      ],
      factors: (layers) => ({
        past: [],
        inference: [
          mlpStage({ name: 'featuresOfX', of: ['x'], mlp: fromX, output: 'features' }, layers),
          ...recurrentStages(overX, layers.weights, { inputs: ['features'], output: 'gx', flipped: true }),
          inferenceThroughZ(
            {
              of: 'gx',
              zDim,
              carry: { z: zDim, ...stack.carry },
              open(gx, pass) {
                const context = { ...layers, pass };
                const cells = stack.read(layers.weights, 0);
                const encoder = lateMlp(toZ, gxDim, context);
                return {
                  prepared: [encoder.prepare(gx)],
                  step({ carried, prepared: [encoded], draw, site }) {
                    const codes = runMlp(carried.z as tf.Tensor2D, fromZ, context, site);
                    const gz = cells.step(carried, null, codes);
                    const features = encoder.run(encoded as tf.Tensor2D, stack.output(gz), site);
                    return { carry: { z: draw(features), ...gz } };
                  },
                };
              },
            },
            layers,
          ),
        ],
        generationOfZ: [],
        generationOfX: [
          mlpStage({ name: 'featuresOfZ', of: ['z'], mlp: ofZ, output: 'codes' }, layers),
          ...recurrentStages(generating, layers.weights, { inputs: ['codes'], output: 'h' }),
          generationOfX({ of: ['h'], mlp: toX }, xDim, layers),
        ],
      }),
    };
  },
});
