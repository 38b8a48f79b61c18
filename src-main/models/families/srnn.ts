/**
 * SRNN of papers/004 (Fraccaro et al. 2016): a deterministic recurrence h over x, apart from the chain of z.
 * p(z_t | z_t-1, h_t), p(x_t | z_t, h_t) with h_t of x_1:t-1; q(z_t | z_t-1, x_1:T) through a recurrence g over h and x that runs
 * backward. As the reference: x is generated from the true frames before it; before the first frame x and z are 0.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { scan } from '../../engine/scan.ts';
import { defineDynamical } from '../dynamical/family.ts';
import { lastFrame, previousFrames } from '../dynamical/frames.ts';
import { lateMlp, linear, linearParameters, mlpParameters, outputsOf, runMlp } from '../dynamical/layers.ts';
import { gaussian, gaussianHead, headParameters } from '../dynamical/network.ts';
import { previousStage, recurrentParameters, recurrentStages } from '../dynamical/recurrent.ts';
import { recurrentLayers, recurrentUnits, sharedSettings, units } from '../dynamical/settings.ts';
import { frameStage, named, recurrentStage } from '../dynamical/stage.ts';

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
    const deterministic = {
      name: 'rnn_h',
      kind: 'lstm',
      inputs: outputsOf(fromX),
      units: hDim,
      layers: config.recurrentHLayers,
      bidirectional: false,
    } as const;
    const fromHx = { name: 'mlp_hx_g', inputs: hDim + xDim, units: config.denseHxToG };
    const backward = {
      name: 'rnn_g',
      kind: 'lstm',
      inputs: outputsOf(fromHx),
      units: gDim,
      layers: config.recurrentGLayers,
      bidirectional: false,
    } as const;
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
      stages: (weights, activation) => [
        previousStage('x', 'xBefore', xDim),
        frameStage({
          name: 'featuresOfXBefore',
          inputs: ['xBefore'],
          outputs: { features: outputsOf(fromX) },
          run: ({ xBefore }, pass) => ({
            features: runMlp(xBefore, fromX, { weights, activation, pass }),
          }),
        }),
        ...recurrentStages(deterministic, weights, { input: 'features', output: 'h' }),
        frameStage({
          name: 'featuresOfHAndX',
          inputs: ['h', 'x'],
          outputs: { joined: outputsOf(fromHx) },
          run: ({ h, x }, pass) => ({
            joined: runMlp(tf.concat([h, x], 1), fromHx, { weights, activation, pass }),
          }),
        }),
        ...recurrentStages(backward, weights, { input: 'joined', output: 'g', flipped: true }),
        recurrentStage({
          name: 'inference',
          direction: 'forward',
          inputs: ['g', 'eps'],
          outputs: { zMean: zDim, zLogVar: zDim, z: zDim, zBefore: zDim },
          carry: { z: zDim },
          run({ g, eps }, carry, pass) {
            const encoder = lateMlp(toZ, gDim, { weights, activation, pass });
            const { ys } = scan(
              ([before], [encoded, noise], time) => {
                const inferred = encoder.run(encoded as tf.Tensor2D, before as tf.Tensor2D, `@${time}`);
                const { mean, logVar, draw } = gaussianHead(inferred, noise as tf.Tensor2D, 'inf', weights);
                return { carry: [draw], y: [mean, logVar, draw] };
              },
              [carry.z],
              [encoder.prepare(g), eps],
            );
            const outputs = named(['zMean', 'zLogVar', 'z'], ys as tf.Tensor3D[]);
            const zBefore = previousFrames(outputs.z, carry.z);
            return { outputs: { ...outputs, zBefore }, carry: { z: lastFrame(outputs.z) } };
          },
        }),
        frameStage({
          name: 'generationOfZ',
          inputs: ['h', 'zBefore'],
          outputs: { priorMean: zDim, priorLogVar: zDim },
          run({ h, zBefore }, pass) {
            const features = runMlp(tf.concat([h, zBefore], 1), prior, { weights, activation, pass });
            const { mean, logVar } = gaussian(features, 'prior', weights);
            return { priorMean: mean, priorLogVar: logVar };
          },
        }),
        frameStage({
          name: 'generationOfX',
          inputs: ['h', 'z'],
          outputs: { xLogVar: xDim },
          run({ h, z: code }, pass) {
            const features = runMlp(tf.concat([h, code], 1), toX, { weights, activation, pass });
            return { xLogVar: linear(features, 'gen_logvar', weights) };
          },
        }),
      ],
    };
  },
});
