/**
 * VRNN of papers/004 (Chung et al. 2015): one recurrence h over x and z, read before x_t by inference and generation alike.
 * p(z_t | h_t), p(x_t | z_t, h_t) with h_t of x_1:t-1 and z_1:t-1; q(z_t | x_t, h_t).
 * As the reference: x is generated from the true frames before it; before the first frame h and c are 0. Only what passes
 * through z runs frame by frame: the features of x before, prior and decoder after the recurrence, for all frames at once.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { generationOfX, generationOfZ, inferenceThroughZ, mlpStage } from '../dynamical/factor-stages.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { headParameters } from '../dynamical/gaussian.ts';
import { lateMlp, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import { cellStack, lstm, recurrentParameters, recurrentStages } from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';

export const vrnn = defineDynamical({
  id: 'vrnn',
  title: 'Variational recurrent network',
  name: 'VRNN',
  properties: { autoregressive: true, truePosterior: false, dynamicalLatent: true },
  generation: { z: 'p(z_t | x_1:t-1, z_1:t-1)', x: 'p(x_t | x_1:t-1, z_1:t)' },
  schema: z.strictObject({
    ...sharedSettings,
    denseX: units('Features of x', [256], 'dense_x'),
    denseZ: units('Features of z', [32, 64], 'dense_z'),
    denseHxToZ: units('Layers from h and x to z', [64, 32], 'dense_hx_z'),
    denseHzToX: units('Layers from h and z to x', [256], 'dense_hz_x'),
    denseHToZ: units('Layers of the prior', [64, 32], 'dense_h_z'),
    recurrent: recurrentUnits('Recurrence', 128, 'dim_RNN'),
    recurrentLayers: recurrentLayers('Layers of the recurrence'),
  }),
  network(config, xDim) {
    const zDim = config.latentDim;
    const fromX = { name: 'feature_extractor_x', inputs: xDim, units: config.denseX };
    const fromZ = { name: 'feature_extractor_z', inputs: zDim, units: config.denseZ };
    const [xFeatures, zFeatures, hDim] = [outputsOf(fromX), outputsOf(fromZ), config.recurrent];
    const toZ = { name: 'mlp_hx_z', inputs: xFeatures + hDim, units: config.denseHxToZ };
    const prior = { name: 'mlp_h_z', inputs: hDim, units: config.denseHToZ };
    const toX = { name: 'mlp_hz_x', inputs: zFeatures + hDim, units: config.denseHzToX };
    const recurrence = lstm('rnn', {
      inputs: xFeatures + zFeatures,
      units: hDim,
      layers: config.recurrentLayers,
    });
    const stack = cellStack(recurrence);
    return {
      dims: { x: xDim, z: zDim, v: null },
      parameters: [
        ...mlpParameters(fromX),
        ...mlpParameters(fromZ),
        ...mlpParameters(toZ),
        ...headParameters('inf', outputsOf(toZ), zDim),
        ...mlpParameters(prior),
        ...headParameters('prior', outputsOf(prior), zDim),
        ...mlpParameters(toX),
        ...linearParameters('gen_logvar', outputsOf(toX), xDim),
        ...recurrentParameters(recurrence),
      ],
      factors: (layers) => ({
        past: [
          mlpStage(
            { name: 'featuresOfXBefore', of: ['xBefore'], mlp: fromX, output: 'xBeforeFeatures' },
            layers,
          ),
          mlpStage(
            { name: 'featuresOfZBefore', of: ['zBefore'], mlp: fromZ, output: 'zBeforeFeatures' },
            layers,
          ),
          ...recurrentStages(recurrence, layers.weights, {
            inputs: ['xBeforeFeatures', 'zBeforeFeatures'],
            output: 'h',
            ofThePast: true,
          }),
        ],
        inference: [
          mlpStage({ name: 'featuresOfX', of: ['x'], mlp: fromX, output: 'features' }, layers),
          inferenceThroughZ(
            {
              of: 'features',
              zDim,
              carry: stack.carry,
              outputs: { codes: zFeatures, h: hDim },
              open(features, pass) {
                const context = { ...layers, pass };
                const cells = stack.read(layers.weights, xFeatures);
                const encoder = lateMlp(toZ, xFeatures, context);
                return {
                  prepared: [encoder.prepare(features), cells.prepare(features)],
                  step({ carried, prepared, draw, site }) {
                    const [encoded, recurred] = prepared as [tf.Tensor2D, tf.Tensor2D];
                    const h = stack.output(carried);
                    const codes = runMlp(draw(encoder.run(encoded, h, site)), fromZ, context, site);
                    return { carry: cells.step(carried, recurred, codes), outputs: { codes, h } };
                  },
                };
              },
            },
            layers,
          ),
        ],
        generationOfZ: [generationOfZ({ of: ['h'], mlp: prior }, zDim, layers)],
        generationOfX: [
          mlpStage({ name: 'featuresOfZ', of: ['z'], mlp: fromZ, output: 'codes' }, layers),
          generationOfX({ of: ['codes', 'h'], mlp: toX }, xDim, layers),
        ],
      }),
    };
  },
});
