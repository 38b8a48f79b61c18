import * as tf from '@tensorflow/tfjs-core';

/** A normalised batch and the statistics that normalised it; `variance` is the biased one. */
export interface BatchNormResult {
  /** `[batch, height, width, channels]` */
  y: tf.Tensor4D;
  /** `[channels]` */
  mean: tf.Tensor1D;
  /** `[channels]` */
  variance: tf.Tensor1D;
}

/**
 * Batch normalisation with the batch's own statistics over batch, height and width: differentiable in `x`, `scale`, `offset`.
 * x `[batch, height, width, channels]`, scale and offset `[channels]`.
 */
export function batchNormTraining(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): BatchNormResult {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const y = tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, epsilon);
  return { y, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}
