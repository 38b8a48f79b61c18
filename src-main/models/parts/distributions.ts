import * as tf from '@tensorflow/tfjs-core';

/**
 * A draw from N(mean, exp(logVar)) that lets gradients through: z = mean + exp(logVar / 2) eps, all `[batch, latent]`,
 * eps standard normal (Kingma and Welling 2014, equation 10; papers/002 section 5.2).
 */
export function reparameterise(mean: tf.Tensor2D, logVar: tf.Tensor2D, eps: tf.Tensor2D): tf.Tensor2D {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(logVar, 0.5)), eps));
}

/**
 * KL(N(mean, exp(logVar)) || N(0, 1)) of each dimension in nats, `[batch, latent]`: (exp(logVar) + mean^2 - 1 - logVar) / 2.
 * Never below 0 but for rounding, and 0 for mean 0 and logVar 0. papers/001 prints it without its leading minus.
 */
export function klToStandardNormal(mean: tf.Tensor2D, logVar: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.sub(tf.add(tf.exp(logVar), tf.square(mean)), tf.add(logVar, 1)), 0.5);
}

/** log density of N(0, 1) in every dimension at z `[batch, latent]`: `[batch]`, in nats. */
export function logStandardNormal(z: tf.Tensor2D): tf.Tensor1D {
  const constant = z.shape[1] * Math.log(2 * Math.PI);
  return tf.mul(tf.add(tf.sum(tf.square(z), 1), constant), -0.5) as tf.Tensor1D;
}

/**
 * KL of a batch as it is reported and as it is charged, scalars. `kl` is the mean over real clips of the sum over
 * dimensions. `charged` raises each dimension's mean over the batch to at least `freeBits` nats before the sum, so
 * that a dimension below the floor gets no gradient (Kingma et al. 2016, equation 15). `perDimension` is that mean, `[latent]`.
 */
export function klWithFreeBits(
  klPerDimension: tf.Tensor2D,
  mask: tf.Tensor1D,
  freeBits: tf.Scalar,
): { kl: tf.Scalar; charged: tf.Scalar; perDimension: tf.Tensor1D } {
  const weighted = tf.mul(klPerDimension, tf.reshape(mask, [-1, 1]));
  const meanPerDimension = tf.div(tf.sum(weighted, 0), tf.sum(mask));
  return {
    perDimension: meanPerDimension as tf.Tensor1D,
    kl: tf.sum(meanPerDimension) as tf.Scalar,
    charged: tf.sum(tf.maximum(meanPerDimension, freeBits)) as tf.Scalar,
  };
}

/** Mean of `perClip` `[batch]` over the clips whose `mask` `[batch]` is 1; at least one must be. */
export function maskedMean(perClip: tf.Tensor1D, mask: tf.Tensor1D): tf.Scalar {
  return tf.div(tf.sum(tf.mul(perClip, mask)), tf.sum(mask)) as tf.Scalar;
}
