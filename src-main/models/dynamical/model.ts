import * as tf from '@tensorflow/tfjs-core';
import type { LossParts, Model } from '../family.ts';
import type { Weights } from '../parameters.ts';
import { stagesOf } from './factors.ts';
import { evaluationPass, trainingPass } from './layers.ts';
import type { Activation } from './layers.ts';
import { dynamicalLosses, referenceKlOffset } from './losses.ts';
import type { DynamicalNetwork } from './network.ts';
import { runStages } from './stage.ts';

/** What a dynamical model is trained with beside its network. */
export interface DynamicalSettings {
  frames: number;
  activation: Activation;
  dropout: number;
}

/**
 * A dynamical network as a model of sequences of a fixed number of frames: x is `[batch, bins, frames]`, power spectra. For
 * training; an utterance of any length goes through `runUtterance`. With free bits a latent dimension's KL is its mean over frames.
 */
export function dynamicalModel(
  network: DynamicalNetwork,
  weights: Weights,
  { frames, activation, dropout }: DynamicalSettings,
): Model {
  const { x: bins, z: zDim, v: vDim } = network.dims;
  const stages = stagesOf(network.factors({ weights, activation }), network.dims);
  return {
    inputShape: [bins, frames],
    latentDim: zDim,
    loss({ x: clips, mask, scalars, training, noise, observe }): LossParts {
      const x = timeFirst(clips);
      const batch = x.shape[1];
      const draw = (site: string, shape: number[]): tf.Tensor =>
        noise?.normal(site, shape) ?? tf.zeros(shape);
      const run = runStages(
        stages,
        {
          sequences: { x, eps: draw('posterior', [frames, batch, zDim]) as tf.Tensor3D },
          statics: { vEps: draw('posterior of v', [batch, vDim ?? 1]) as tf.Tensor2D },
        },
        training ? trainingPass(dropout, noise) : evaluationPass,
      );
      const { reconstruction, kl, klPerDimension } = dynamicalLosses(run, mask);
      const charged = tf.sum(tf.maximum(klPerDimension, scalars.freeBits));
      observe?.('klPerDimension', klPerDimension);
      const total = tf.add(reconstruction, tf.mul(charged, scalars.beta)) as tf.Scalar;
      // The same as the reference reports it: with the constant that it leaves out of every KL.
      const offset = referenceKlOffset(network);
      const referenceLoss = tf.add(tf.add(reconstruction, kl), offset) as tf.Scalar;
      return { total, reconstruction, kl, referenceLoss };
    },
    reconstruct(clips) {
      const x = timeFirst(clips);
      const batch = x.shape[1];
      const given = {
        sequences: { x, eps: tf.zeros([frames, batch, zDim]) as tf.Tensor3D },
        statics: { vEps: tf.zeros([batch, vDim ?? 1]) as tf.Tensor2D },
      };
      const { xLogVar } = runStages(stages, given, evaluationPass).sequences;
      if (!xLogVar) throw new Error('the stages of a dynamical model give xLogVar');
      return tf.transpose(tf.exp(xLogVar), [1, 2, 0]);
    },
  };
}

/** `[batch, bins, frames]` as `[frames, batch, bins]`. */
function timeFirst(clips: tf.Tensor): tf.Tensor3D {
  return tf.transpose(clips as tf.Tensor3D, [2, 0, 1]);
}
