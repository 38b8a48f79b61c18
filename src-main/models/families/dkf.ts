/**
 * The deep Kalman filter of papers/004 (Krishnan et al. 2015, 2017).
 * p(z_t | z_t-1) with a gate between a linear and a non-linear proposal; p(x_t | z_t); q(z_t | z_t-1, x_t:T): a recurrence over x that runs
 * backward, joined with z_t-1. As the reference: the prior's variance is a softplus (not an exponential) of its layer, the last layer
 * of the perceptron on z_t-1 has the activation as well, and before the first frame z is 0.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { generationOfX, inferenceThroughZ, mlpStage } from '../dynamical/factor-stages.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { headParameters } from '../dynamical/gaussian.ts';
import { linear, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import { lstm, recurrentOutputs, recurrentParameters, recurrentStages } from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';
import { frameStage } from '../dynamical/stage.ts';

export const dkf = defineDynamical({
  id: 'dkf',
  title: 'Deep Kalman filter',
  name: 'DKF',
  properties: { autoregressive: false, truePosterior: true, dynamicalLatent: true },
  generation: { z: 'p(z_t | z_t-1)', x: 'p(x_t | z_t)' },
  schema: z.strictObject({
    ...sharedSettings,
    denseXToGx: units('Layers from x to its recurrence', [256], 'dense_x_gx'),
    recurrentGx: recurrentUnits('Recurrence over x', 128, 'dim_RNN_gx; it runs backward in time.'),
    recurrentGxLayers: recurrentLayers('Layers of the recurrence over x'),
    bidirectionalGx: z.boolean().default(false).meta({
      title: 'Recurrence over x in both directions',
      advanced: true,
      help: 'bidir_gx of the reference.',
    }),
    denseZToG: units(
      'Layers from the last z',
      [32, 64],
      'dense_ztm1_g; one more leads to the size of the recurrence.',
    ),
    denseGToZ: units('Layers to z', [64, 32], 'dense_g_z'),
    denseZToX: units('Layers from z to x', [32, 64, 128, 256], 'dense_z_x'),
  }),
  network(config, xDim) {
    const zDim = config.latentDim;
    const fromX = { name: 'mlp_x_gx', inputs: xDim, units: config.denseXToGx };
    const overX = lstm('rnn_gx', {
      inputs: outputsOf(fromX),
      units: config.recurrentGx,
      layers: config.recurrentGxLayers,
      bidirectional: config.bidirectionalGx,
    });
    const gDim = recurrentOutputs(overX);
    const fromZ = {
      name: 'mlp_ztm1_g',
      inputs: zDim,
      units: [...config.denseZToG, gDim],
      layers: [...config.denseZToG.map((_, index) => `linear${index}`), 'linear_last'],
    };
    const toZ = { name: 'mlp_g_z', inputs: gDim, units: config.denseGToZ };
    const toX = { name: 'mlp_z_x', inputs: zDim, units: config.denseZToX };
    return {
      dims: { x: xDim, z: zDim, v: null },
      parameters: [
        ...mlpParameters(fromX),
        ...recurrentParameters(overX),
        ...mlpParameters(fromZ),
        ...mlpParameters(toZ),
        ...headParameters('inf', outputsOf(toZ), zDim),
        ...linearParameters('mlp_gate.linear1', zDim, zDim),
        ...linearParameters('mlp_gate.linear2', zDim, zDim),
        ...linearParameters('mlp_z_prop.linear1', zDim, zDim),
        ...linearParameters('mlp_z_prop.linear2', zDim, zDim),
        ...linearParameters('prior_mean', zDim, zDim),
        ...linearParameters('prior_logvar.1', zDim, zDim),
        ...mlpParameters(toX),
        ...linearParameters('gen_logvar', outputsOf(toX), xDim),
      ],
      factors: (layers) => ({
        past: [],
        inference: [
          mlpStage({ name: 'featuresOfX', of: ['x'], mlp: fromX, output: 'features' }, layers),
          ...recurrentStages(overX, layers.weights, {
            inputs: ['features'],
            output: 'gx',
            flipped: !config.bidirectionalGx,
          }),
          inferenceThroughZ(
            {
              of: 'gx',
              zDim,
              carry: { z: zDim },
              open: (gx, pass) => ({
                prepared: [gx],
                step({ carried, prepared: [g], draw, site }) {
                  const context = { ...layers, pass };
                  const fromBefore = runMlp(carried.z as tf.Tensor2D, fromZ, context, site);
                  const joined: tf.Tensor2D = tf.mul(tf.add(fromBefore, g as tf.Tensor2D), 0.5);
                  return { carry: { z: draw(runMlp(joined, toZ, context, site)) } };
                },
              }),
            },
            layers,
          ),
        ],
        generationOfZ: [
          frameStage({
            name: 'generationOfZ',
            inputs: ['zBefore'],
            outputs: { priorMean: zDim, priorLogVar: zDim },
            run: ({ zBefore }) => transition(zBefore, layers.weights),
          }),
        ],
        generationOfX: [generationOfX({ of: ['z'], mlp: toX }, xDim, layers)],
      }),
    };
  },
});

/** p(z_t | z_t-1): the gated transition of Krishnan et al. 2017, equation 11. */
function transition(
  zBefore: tf.Tensor2D,
  weights: Parameters<typeof linear>[2],
): { priorMean: tf.Tensor2D; priorLogVar: tf.Tensor2D } {
  const through = (name: string): tf.Tensor2D =>
    linear(tf.relu(linear(zBefore, `${name}.linear1`, weights)), `${name}.linear2`, weights);
  const gate = tf.sigmoid(through('mlp_gate'));
  const proposal = through('mlp_z_prop');
  const straight = linear(zBefore, 'prior_mean', weights);
  const variance = tf.softplus(linear(tf.relu(proposal), 'prior_logvar.1', weights));
  return {
    priorMean: tf.add(tf.mul(tf.sub(1, gate), straight), tf.mul(gate, proposal)) as tf.Tensor2D,
    priorLogVar: tf.log(variance) as tf.Tensor2D,
  };
}
