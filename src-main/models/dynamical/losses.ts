import * as tf from '@tensorflow/tfjs-core';
import { itakuraSaito, klBetween } from './criteria.ts';
import type { DynamicalNetwork } from './network.ts';
import type { Sequences, Statics } from './stage.ts';

/** What a dynamical model's run costs; all but the perDimension ones scalars. */
export interface DynamicalLosses {
  /** Itakura-Saito divergence: summed over bins, the mean over frames. */
  reconstruction: tf.Scalar;
  /** KL of z in nats: summed over dimensions, the mean over frames; with that of v, the mean over sequences. */
  kl: tf.Scalar;
  /** `[z]`, or `[z + v]`. */
  klPerDimension: tf.Tensor1D;
}

/**
 * The negative lower bound of papers/004 as the reference normalises it: `reconstruction + kl` is its loss but for the
 * constant that it leaves out of every KL (`referenceKlOffset`). `mask` `[batch]` is 1 for a real sequence.
 */
export function dynamicalLosses(
  { sequences, statics }: { sequences: Sequences; statics: Statics },
  mask?: tf.Tensor1D,
): DynamicalLosses {
  const { x, xLogVar, zMean, zLogVar, priorMean, priorLogVar } = sequences;
  if (!x || !xLogVar || !zMean || !zLogVar)
    throw new Error('the stages of a dynamical model give xLogVar, zMean and zLogVar');
  const prior = priorMean && priorLogVar ? { mean: priorMean, logVar: priorLogVar } : undefined;
  const kl = klBetween({ mean: zMean, logVar: zLogVar }, prior);
  const perZ = overSequences(tf.mean(kl, 0), mask);
  const { vMean, vLogVar } = statics;
  const perV = vMean && vLogVar ? overSequences(klBetween({ mean: vMean, logVar: vLogVar }), mask) : null;
  const klPerDimension = perV ? tf.concat1d([perZ, perV]) : perZ;
  const error = tf.reshape(tf.mean(itakuraSaito(x, xLogVar), 0), [-1, 1]);
  return {
    reconstruction: tf.sum(overSequences(error, mask)),
    kl: tf.sum(klPerDimension),
    klPerDimension,
  };
}

/** The mean over sequences of `[batch, dim]`: `[dim]`. */
function overSequences(values: tf.Tensor, mask: tf.Tensor1D | undefined): tf.Tensor1D {
  if (!mask) return tf.mean(values, 0) as tf.Tensor1D;
  const weighted = tf.mul(values, tf.reshape(mask, [-1, 1]));
  return tf.div(tf.sum(weighted, 0), tf.sum(mask)) as tf.Tensor1D;
}

/** What the reference's KL is larger by: half a nat for each dimension of z, and of v. */
export function referenceKlOffset({ dims }: Pick<DynamicalNetwork, 'dims'>): number {
  return (dims.z + (dims.v ?? 0)) / 2;
}
