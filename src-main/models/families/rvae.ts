/**
 * RVAE of papers/004 (Leglaive et al. 2020): z is standard normal and independent over time; x comes of a recurrence over z.
 * Causal: p(x_t | z_1:t), q(z_t | z_1:t-1, x_t:T); non-causal: p(x_t | z_1:T), q(z_t | z_1:t-1, x_1:T).
 * As the reference: the recurrence over x runs over the flipped sequence, so of both directions the backward one comes first, and "causal" still looks
 * at the future of x in its inference.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { scan } from '../../engine/scan.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { lastFrame } from '../dynamical/frames.ts';
import { lateMlp, linear, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import { gaussianHead, headParameters } from '../dynamical/network.ts';
import { cellStack, recurrentOutputs, recurrentParameters, recurrentStages } from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';
import { frameStage, named, recurrentStage } from '../dynamical/stage.ts';

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
    const overX = {
      name: 'rnn_g_x',
      kind: 'lstm',
      inputs: outputsOf(fromX),
      units: config.recurrentGx,
      layers: config.recurrentGxLayers,
      bidirectional: config.bidirectionalGx,
    } as const;
    const fromZ = { name: 'mlp_z_gz', inputs: zDim, units: config.denseZToGz };
    const overZ = {
      name: 'rnn_g_z',
      kind: 'lstm',
      inputs: outputsOf(fromZ),
      units: config.recurrentGz,
      layers: config.recurrentGzLayers,
      bidirectional: false,
    } as const;
    const gxDim = recurrentOutputs(overX);
    const toZ = { name: 'mlp_g_z', inputs: gxDim + config.recurrentGz, units: config.denseGToZ };
    const ofZ = { name: 'mlp_z_h', inputs: zDim, units: config.denseZToH };
    const generating = {
      name: 'rnn_h',
      kind: 'lstm',
      inputs: outputsOf(ofZ),
      units: config.recurrentH,
      layers: config.recurrentHLayers,
      bidirectional: config.bidirectionalH,
    } as const;
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
      stages: (weights, activation) => [
        frameStage({
          name: 'featuresOfX',
          inputs: ['x'],
          outputs: { features: outputsOf(fromX) },
          run: ({ x }, pass) => ({ features: runMlp(x, fromX, { weights, activation, pass }) }),
        }),
        ...recurrentStages(overX, weights, { input: 'features', output: 'gx', flipped: true }),
        recurrentStage({
          name: 'inference',
          direction: 'forward',
          inputs: ['gx', 'eps'],
          outputs: { zMean: zDim, zLogVar: zDim, z: zDim },
          carry: { z: zDim, ...stack.carry } as Record<string, number>,
          run({ gx, eps }, carry, pass) {
            const context = { weights, activation, pass };
            const cells = stack.read(weights, 0);
            const encoder = lateMlp(toZ, gxDim, context);
            const { carry: end, ys } = scan(
              ([before, ...state], [encoded, noise], time) => {
                const codes = runMlp(before as tf.Tensor2D, fromZ, context, `@${time}`);
                const next = cells.step(state as tf.Tensor2D[], null, codes);
                const inferred = encoder.run(encoded as tf.Tensor2D, stack.output(next), `@${time}`);
                const { mean, logVar, draw } = gaussianHead(inferred, noise as tf.Tensor2D, 'inf', weights);
                return { carry: [draw, ...next], y: [mean, logVar, draw] };
              },
              ['z', ...stack.names].map((name) => carry[name] as tf.Tensor2D),
              [encoder.prepare(gx), eps],
            );
            const outputs = named(['zMean', 'zLogVar', 'z'], ys as tf.Tensor3D[]);
            return {
              outputs,
              carry: { ...named(['z', ...stack.names], end as tf.Tensor2D[]), z: lastFrame(outputs.z) },
            };
          },
        }),
        frameStage({
          name: 'featuresOfZ',
          inputs: ['z'],
          outputs: { codes: outputsOf(ofZ) },
          run: ({ z: code }, pass) => ({ codes: runMlp(code, ofZ, { weights, activation, pass }) }),
        }),
        ...recurrentStages(generating, weights, { input: 'codes', output: 'h' }),
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
