import * as tf from '@tensorflow/tfjs-core';

/** Power below this counts as this: a frame of digital silence would else cost an infinite amount. Far below what 16-bit audio gives. */
export const powerFloor = 1e-20;

/**
 * The Itakura-Saito divergence of a power spectrum `x` and a variance exp(logVar), `x / y - ln(x / y) - 1`, summed over bins:
 * the negative log-likelihood of complex Gaussian coefficients but for a constant. Both `[..., bins]`; gives `[...]`.
 */
export function itakuraSaito(x: tf.Tensor, logVar: tf.Tensor): tf.Tensor {
  const power = tf.maximum(x, powerFloor);
  const logRatio = tf.sub(tf.log(power), logVar);
  return tf.sum(tf.sub(tf.sub(tf.exp(logRatio), logRatio), 1), -1);
}

/**
 * KL(N(mean, exp(logVar)) || N(priorMean, exp(priorLogVar))) of each dimension in nats, 0 where the two are one. A prior left out is
 * standard normal. (The reference leaves out the constant: its figure is larger by half a nat a dimension.)
 */
export function klBetween(
  posterior: { mean: tf.Tensor; logVar: tf.Tensor },
  prior?: { mean: tf.Tensor; logVar: tf.Tensor },
): tf.Tensor {
  const { mean, logVar } = posterior;
  const difference = prior ? tf.sub(logVar, prior.logVar) : logVar;
  const distance = tf.square(prior ? tf.sub(mean, prior.mean) : mean);
  const scaled = prior ? tf.mul(distance, tf.exp(tf.neg(prior.logVar))) : distance;
  return tf.mul(tf.sub(tf.add(tf.exp(difference), scaled), tf.add(difference, 1)), 0.5);
}
