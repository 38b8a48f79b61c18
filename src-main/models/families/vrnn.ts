/**
 * VRNN of papers/004 (Chung et al. 2015): one recurrence h over x and z, read before x_t by inference and generation alike.
 * p(z_t | h_t), p(x_t | z_t, h_t) with h_t of x_1:t-1 and z_1:t-1; q(z_t | x_t, h_t).
 * As the reference: x is generated from the true frames before it; before the first frame h and c are 0. Only what passes
 * through z runs frame by frame: the features of x before, prior and decoder after the recurrence, for all frames at once.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { scan } from '../../engine/scan.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { lateMlp, linear, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import { gaussian, gaussianHead, headParameters } from '../dynamical/network.ts';
import { cellStack, recurrentParameters } from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';
import { frameStage, named, recurrentStage } from '../dynamical/stage.ts';

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
    const recurrence = {
      name: 'rnn',
      kind: 'lstm',
      inputs: xFeatures + zFeatures,
      units: hDim,
      layers: config.recurrentLayers,
      bidirectional: false,
    } as const;
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
      stages: (weights, activation) => [
        frameStage({
          name: 'featuresOfX',
          inputs: ['x'],
          outputs: { features: xFeatures },
          run: ({ x }, pass) => ({ features: runMlp(x, fromX, { weights, activation, pass }) }),
        }),
        recurrentStage({
          name: 'inference',
          direction: 'forward',
          inputs: ['features', 'eps'],
          outputs: { zMean: zDim, zLogVar: zDim, z: zDim, zFeatures, h: hDim },
          carry: stack.carry,
          run({ features, eps }, carry, pass) {
            const context = { weights, activation, pass };
            const cells = stack.read(weights, xFeatures);
            const encoder = lateMlp(toZ, xFeatures, context);
            const { carry: end, ys } = scan(
              (state, [encoded, recurred, noise], time) => {
                const h = stack.output(state as tf.Tensor2D[]);
                const inferred = encoder.run(encoded as tf.Tensor2D, h, `@${time}`);
                const { mean, logVar, draw } = gaussianHead(inferred, noise as tf.Tensor2D, 'inf', weights);
                const codes = runMlp(draw, fromZ, context, `@${time}`);
                const next = cells.step(state as tf.Tensor2D[], recurred as tf.Tensor2D, codes);
                return { carry: next, y: [mean, logVar, draw, codes, h] };
              },
              stack.names.map((name) => carry[name] as tf.Tensor2D),
              [encoder.prepare(features), cells.prepare(features), eps],
            );
            return {
              outputs: named(['zMean', 'zLogVar', 'z', 'zFeatures', 'h'], ys as tf.Tensor3D[]),
              carry: named(stack.names, end as tf.Tensor2D[]),
            };
          },
        }),
        frameStage({
          name: 'generationOfZ',
          inputs: ['h'],
          outputs: { priorMean: zDim, priorLogVar: zDim },
          run({ h }, pass) {
            const { mean, logVar } = gaussian(
              runMlp(h, prior, { weights, activation, pass }),
              'prior',
              weights,
            );
            return { priorMean: mean, priorLogVar: logVar };
          },
        }),
        frameStage({
          name: 'generationOfX',
          inputs: ['zFeatures', 'h'],
          outputs: { xLogVar: xDim },
          run({ zFeatures: codes, h }, pass) {
            const features = runMlp(tf.concat([codes, h], 1), toX, { weights, activation, pass });
            return { xLogVar: linear(features, 'gen_logvar', weights) };
          },
        }),
      ],
    };
  },
});
