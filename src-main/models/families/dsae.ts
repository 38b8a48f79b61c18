/**
 * DSAE of papers/004 (Li and Mandt 2018, "disentangled sequential autoencoder", its full model): one v for the whole sequence beside z_t.
 * p(v), p(z_t | z_1:t-1), p(x_t | z_t, v); q(v | x_1:T) from the ends of a recurrence in both directions, q(z_t | v, x_1:T).
 * As the reference: v is read off the last state of each direction; the recurrence of the inference of z is a plain one with tanh.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { defineDynamical } from '../dynamical/family.ts';
import { linear, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import { gaussian, gaussianHead, headParameters } from '../dynamical/network.ts';
import {
  previousStage,
  recurrentOutputs,
  recurrentParameters,
  recurrentStages,
} from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';
import { frameStage, staticStage } from '../dynamical/stage.ts';

export const dsae = defineDynamical({
  id: 'dsae',
  title: 'Disentangled sequential autoencoder',
  name: 'DSAE',
  properties: { autoregressive: false, truePosterior: false, dynamicalLatent: true },
  generation: { z: 'p(z_t | z_1:t-1)', x: 'p(x_t | z_t, v)' },
  schema: z.strictObject({
    ...sharedSettings,
    sequenceLatentDim: z.int().min(1).max(1024).default(16).meta({
      title: 'Latent dimensions a sequence',
      help: 'v_dim of the reference.',
    }),
    denseX: units('Features of x', [256], 'dense_x'),
    recurrentGv: recurrentUnits('Recurrence towards v', 128, 'dim_RNN_gv; in both directions.'),
    recurrentGvLayers: recurrentLayers('Layers of the recurrence towards v'),
    denseGvToV: units('Layers to v', [64, 32], 'dense_gv_v'),
    denseXv: units('Layers from x and v', [256], 'dense_xv_gxv'),
    recurrentGxv: recurrentUnits('Recurrence over x and v', 128, 'dim_RNN_gxv; in both directions.'),
    recurrentGxvLayers: recurrentLayers('Layers of the recurrence over x and v'),
    denseGxvToGz: units('Layers towards z', [64], 'dense_gxv_gz'),
    recurrentGz: recurrentUnits('Recurrence towards z', 32, 'dim_RNN_gz; a plain one.'),
    recurrentGzLayers: recurrentLayers('Layers of the recurrence towards z'),
    recurrentPrior: recurrentUnits('Recurrence of the prior', 32, 'dim_RNN_prior'),
    recurrentPriorLayers: recurrentLayers('Layers of the recurrence of the prior'),
    denseVzToX: units('Layers from v and z to x', [32, 64, 128, 256], 'dense_vz_x'),
  }),
  network(config, xDim) {
    const [zDim, vDim] = [config.latentDim, config.sequenceLatentDim];
    const fromX = { name: 'mlp_x', inputs: xDim, units: config.denseX };
    const xFeatures = outputsOf(fromX);
    const towardsV = {
      name: 'rnn_g_v',
      kind: 'lstm',
      inputs: xFeatures,
      units: config.recurrentGv,
      layers: config.recurrentGvLayers,
      bidirectional: true,
    } as const;
    const toV = { name: 'mlp_gv_v', inputs: recurrentOutputs(towardsV), units: config.denseGvToV };
    const fromXv = { name: 'mlp_xv_gxv', inputs: xFeatures + vDim, units: config.denseXv };
    const overXv = {
      name: 'rnn_g_xv',
      kind: 'lstm',
      inputs: outputsOf(fromXv),
      units: config.recurrentGxv,
      layers: config.recurrentGxvLayers,
      bidirectional: true,
    } as const;
    const towardsGz = { name: 'mlp_gxv_gz', inputs: recurrentOutputs(overXv), units: config.denseGxvToGz };
    const towardsZ = {
      name: 'rnn_g_z',
      kind: 'rnn',
      inputs: outputsOf(towardsGz),
      units: config.recurrentGz,
      layers: config.recurrentGzLayers,
      bidirectional: false,
    } as const;
    const prior = {
      name: 'rnn_prior',
      kind: 'lstm',
      inputs: zDim,
      units: config.recurrentPrior,
      layers: config.recurrentPriorLayers,
      bidirectional: false,
    } as const;
    const toX = { name: 'mlp_vz_x', inputs: vDim + zDim, units: config.denseVzToX };
    return {
      dims: { x: xDim, z: zDim, v: vDim },
      parameters: [
        ...mlpParameters(fromX),
        ...recurrentParameters(towardsV),
        ...mlpParameters(toV),
        ...headParameters('inf_v', outputsOf(toV), vDim),
        ...mlpParameters(fromXv),
        ...recurrentParameters(overXv),
        ...mlpParameters(towardsGz),
        ...recurrentParameters(towardsZ),
        ...headParameters('inf_z', config.recurrentGz, zDim),
        ...recurrentParameters(prior),
        ...headParameters('prior', config.recurrentPrior, zDim),
        ...mlpParameters(toX),
        ...linearParameters('gen_logvar', outputsOf(toX), xDim),
      ],
      stages: (weights, activation) => [
        frameStage({
          name: 'featuresOfX',
          inputs: ['x'],
          outputs: { features: xFeatures },
          run: ({ x }, pass) => ({ features: runMlp(x, fromX, { weights, activation, pass }) }),
        }),
        ...recurrentStages(towardsV, weights, {
          input: 'features',
          output: 'gv',
          finals: ['gvForward', 'gvBackward'],
        }),
        staticStage({
          name: 'inferenceOfV',
          inputs: ['gvForward', 'gvBackward', 'vEps'],
          outputs: { vMean: vDim, vLogVar: vDim, v: vDim },
          run({ gvForward, gvBackward, vEps }, pass) {
            const ends = tf.concat([gvForward, gvBackward], 1);
            const features = runMlp(ends, toV, { weights, activation, pass });
            const { mean, logVar, draw } = gaussianHead(features, vEps, 'inf_v', weights);
            return { vMean: mean, vLogVar: logVar, v: draw };
          },
        }),
        frameStage({
          name: 'featuresOfXAndV',
          inputs: ['features'],
          statics: ['v'],
          outputs: { joined: outputsOf(fromXv) },
          run: ({ features, v }, pass) => ({
            joined: runMlp(tf.concat([features, v], 1), fromXv, { weights, activation, pass }),
          }),
        }),
        ...recurrentStages(overXv, weights, { input: 'joined', output: 'gxv' }),
        frameStage({
          name: 'featuresTowardsZ',
          inputs: ['gxv'],
          outputs: { gz: outputsOf(towardsGz) },
          run: ({ gxv }, pass) => ({ gz: runMlp(gxv, towardsGz, { weights, activation, pass }) }),
        }),
        ...recurrentStages(towardsZ, weights, { input: 'gz', output: 'hz' }),
        frameStage({
          name: 'inferenceOfZ',
          inputs: ['hz', 'eps'],
          outputs: { zMean: zDim, zLogVar: zDim, z: zDim },
          run({ hz, eps }) {
            const { mean, logVar, draw } = gaussianHead(hz, eps, 'inf_z', weights);
            return { zMean: mean, zLogVar: logVar, z: draw };
          },
        }),
        previousStage('z', 'zBefore', zDim),
        ...recurrentStages(prior, weights, { input: 'zBefore', output: 'hPrior' }),
        frameStage({
          name: 'generationOfZ',
          inputs: ['hPrior'],
          outputs: { priorMean: zDim, priorLogVar: zDim },
          run({ hPrior }) {
            const { mean, logVar } = gaussian(hPrior, 'prior', weights);
            return { priorMean: mean, priorLogVar: logVar };
          },
        }),
        frameStage({
          name: 'generationOfX',
          inputs: ['z'],
          statics: ['v'],
          outputs: { xLogVar: xDim },
          run({ z: code, v }, pass) {
            const features = runMlp(tf.concat([v, code], 1), toX, { weights, activation, pass });
            return { xLogVar: linear(features, 'gen_logvar', weights) };
          },
        }),
      ],
    };
  },
});
