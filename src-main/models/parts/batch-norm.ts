import * as tf from '@tensorflow/tfjs-core';
import { batchNormTraining } from '../../engine/ops/batch-norm.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';

/** Settings of a batch normalisation; Keras's defaults are 0.99 and 1e-3. */
export interface BatchNormSettings {
  /** Share of the old running average that each step keeps. */
  momentum: number;
  /** Added to the variance. */
  epsilon: number;
}

/** gamma, beta (learned) and the running mean and variance (kept), each `[channels]`. */
export function batchNormParameters(name: string, channels: number): ParameterSpec[] {
  const shape = [channels];
  return [
    { name: `${name}.gamma`, shape, trainable: true, initialiser: { kind: 'ones' } },
    { name: `${name}.beta`, shape, trainable: true, initialiser: { kind: 'zeros' } },
    { name: `${name}.movingMean`, shape, trainable: false, initialiser: { kind: 'zeros' } },
    { name: `${name}.movingVariance`, shape, trainable: false, initialiser: { kind: 'ones' } },
  ];
}

/**
 * x `[batch, height, width, channels]`, normalised a channel: by the batch's own statistics in training, where the
 * running averages move as well, else by the running averages. As in Keras's fused layer the running variance takes the
 * unbiased variance of the batch, while the batch itself is normalised by the biased one.
 */
export function batchNorm(
  x: tf.Tensor4D,
  name: string,
  weights: Weights,
  settings: BatchNormSettings & { training: boolean },
): tf.Tensor4D {
  const gamma = weights(`${name}.gamma`) as tf.Variable as tf.Tensor1D;
  const beta = weights(`${name}.beta`) as tf.Variable as tf.Tensor1D;
  const movingMean = weights(`${name}.movingMean`);
  const movingVariance = weights(`${name}.movingVariance`);
  if (!settings.training) {
    return tf.batchNorm4d(
      x,
      movingMean as tf.Tensor1D,
      movingVariance as tf.Tensor1D,
      beta,
      gamma,
      settings.epsilon,
    );
  }
  const { y, mean, variance } = batchNormTraining(x, gamma, beta, settings.epsilon);
  const count = x.shape[0] * x.shape[1] * x.shape[2];
  const unbiased = count > 1 ? tf.mul(variance, count / (count - 1)) : variance;
  moveTowards(movingMean, mean, settings.momentum);
  moveTowards(movingVariance, unbiased, settings.momentum);
  return y;
}

function moveTowards(average: tf.Variable, value: tf.Tensor, momentum: number): void {
  average.assign(tf.add(tf.mul(average, momentum), tf.mul(value, 1 - momentum)));
}
