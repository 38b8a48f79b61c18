/**
 * DSAE of papers/004 (Li and Mandt 2018, "disentangled sequential autoencoder", its full model): one v for the whole sequence beside z_t.
 * p(v), p(z_t | z_1:t-1), p(x_t | z_t, v); q(v | x_1:T) from the ends of a recurrence in both directions, q(z_t | v, x_1:T).
 * As the reference: v is read off the last state of each direction; the recurrence of the inference of z is a plain one with tanh.
 */
import { z } from 'zod';
import {
  generationOfX,
  generationOfZ,
  inferenceOfV,
  inferenceOfZ,
  mlpStage,
} from '../dynamical/factor-stages.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { headParameters } from '../dynamical/gaussian.ts';
import { linearParameters, mlpParameters, outputsOf } from '../dynamical/layers.ts';
import { lstm, recurrentOutputs, recurrentParameters, recurrentStages } from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';

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
    const towardsV = lstm('rnn_g_v', {
      inputs: xFeatures,
      units: config.recurrentGv,
      layers: config.recurrentGvLayers,
      bidirectional: true,
    });
    const toV = { name: 'mlp_gv_v', inputs: recurrentOutputs(towardsV), units: config.denseGvToV };
    const fromXv = { name: 'mlp_xv_gxv', inputs: xFeatures + vDim, units: config.denseXv };
    const overXv = lstm('rnn_g_xv', {
      inputs: outputsOf(fromXv),
      units: config.recurrentGxv,
      layers: config.recurrentGxvLayers,
      bidirectional: true,
    });
    const towardsGz = { name: 'mlp_gxv_gz', inputs: recurrentOutputs(overXv), units: config.denseGxvToGz };
    const towardsZ = {
      name: 'rnn_g_z',
      kind: 'rnn',
      inputs: outputsOf(towardsGz),
      units: config.recurrentGz,
      layers: config.recurrentGzLayers,
      bidirectional: false,
    } as const;
    const prior = lstm('rnn_prior', {
      inputs: zDim,
      units: config.recurrentPrior,
      layers: config.recurrentPriorLayers,
    });
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
      factors: (layers) => {
        const { weights } = layers;
        const finals = ['gvForward', 'gvBackward'];
        return {
          past: [],
          inference: [
            mlpStage({ name: 'featuresOfX', of: ['x'], mlp: fromX, output: 'features' }, layers),
            ...recurrentStages(towardsV, weights, { inputs: ['features'], output: 'gv', finals }),
            inferenceOfV({ of: finals, mlp: toV }, vDim, layers),
            mlpStage(
              {
                name: 'featuresOfXAndV',
                of: ['features', 'v'],
                statics: ['v'],
                mlp: fromXv,
                output: 'joined',
              },
              layers,
            ),
            ...recurrentStages(overXv, weights, { inputs: ['joined'], output: 'gxv' }),
            mlpStage({ name: 'featuresTowardsZ', of: ['gxv'], mlp: towardsGz, output: 'gz' }, layers),
            ...recurrentStages(towardsZ, weights, { inputs: ['gz'], output: 'hz' }),
            inferenceOfZ({ of: ['hz'], head: 'inf_z' }, zDim, layers),
          ],
          generationOfZ: [
            ...recurrentStages(prior, weights, { inputs: ['zBefore'], output: 'hPrior' }),
            generationOfZ({ of: ['hPrior'] }, zDim, layers),
          ],
          generationOfX: [generationOfX({ of: ['v', 'z'], statics: ['v'], mlp: toX }, xDim, layers)],
        };
      },
    };
  },
});
