import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../../../src-main/engine/adam.ts';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { dynamicalFamilies } from '../../../src-main/models/dynamical-families.ts';
import { dynamicalModel } from '../../../src-main/models/dynamical/model.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { registerParameters } from '../../../src-main/models/parameters.ts';
import type { BenchNet } from '../nets.ts';

export const bins = 257;
export const batch = 32;

/** The presets of the models of papers/004, by the names there. */
export const presets: Readonly<Record<string, string>> = {
  VAE: 'dvae-vae',
  DKF: 'dvae-dkf',
  STORN: 'dvae-storn',
  VRNN: 'dvae-vrnn',
  SRNN: 'dvae-srnn',
  'RVAE-Causal': 'dvae-rvae-causal',
  'RVAE-NonCausal': 'dvae-rvae-noncausal',
  DSAE: 'dvae-dsae',
};

/** A preset's net on sequences of `frames` frames. Entry `step` {x, learningRate}: forward, loss, gradients, Adam. */
export function compileDynamical(preset: string, frames: number): BenchNet {
  const config = resolveConfig({ preset });
  const family = dynamicalFamilies.find(({ id }) => id === config.family);
  if (!family) throw new Error(`${preset} is not the preset of a dynamical model`);
  const network = family.network(config.model, bins);
  const state = new StateRegistry();
  const weights = registerParameters(network.parameters, state, 0);
  const model = dynamicalModel(network, weights, { frames, activation: 'tanh', dropout: 0 });
  const adam = new Adam(state);
  const shape = [batch, bins, frames];
  const program = compileProgram({
    state,
    entries: {
      step: {
        feeds: { x: { shape }, learningRate: { shape: [] } },
        run: (feeds, noise) =>
          adam.minimise(
            () =>
              model.loss({
                x: feeds.x as tf.Tensor,
                mask: tf.ones([batch]) as tf.Tensor1D,
                scalars: { beta: tf.scalar(1), freeBits: tf.scalar(0) },
                training: true,
                noise,
              }),
            { learningRate: feeds.learningRate as tf.Scalar, clipNorm: null },
          ),
      },
    },
  });
  const parameters = state.trainable().reduce((sum, { variable }) => sum + variable.size, 0);
  return { program, parameters, shape };
}
