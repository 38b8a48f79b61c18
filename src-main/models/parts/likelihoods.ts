import * as tf from '@tensorflow/tfjs-core';

/**
 * What a decoder's output is the middle of. Every one is a density over levels in 0..1, so that their negative logarithms
 * compare.
 */
export const likelihoods = ['gaussian', 'laplace', 'itakura-saito'] as const;
export type Likelihood = (typeof likelihoods)[number];

/**
 * -log p(x | expected) in nats, summed over each clip: `[batch]` of x and expected `[batch, ...]` in 0..1.
 *
 * - gaussian: expected is the mean, `logScale` the logarithm of the deviation;
 * - laplace: expected is the median, `logScale` the logarithm of the mean absolute deviation;
 * - itakura-saito: powers are exponentially distributed around the expected power, as those of a Gaussian signal
 *   (Févotte, Bertin, Durrieu 2009). Levels are logarithms of powers, 0 to 1 being `rangeDb`: ratio - log ratio less the
 *   logarithm of what the change of variable stretches. It has no scale.
 */
export function negativeLogLikelihood(
  x: tf.Tensor,
  expected: tf.Tensor,
  given: { likelihood: Likelihood; logScale: tf.Tensor; rangeDb: number },
): tf.Tensor1D {
  const { likelihood, logScale, rangeDb } = given;
  const axes = x.shape.map((_, axis) => axis).slice(1);
  const numbers = x.size / (x.shape[0] ?? 1);
  const error = tf.sub(x, expected);
  if (likelihood === 'itakura-saito') {
    const nepers = (rangeDb * Math.LN10) / 10;
    const logRatio = tf.mul(error, nepers);
    const terms = tf.sub(tf.exp(logRatio), logRatio);
    return tf.sub(tf.sum(terms, axes), numbers * Math.log(nepers)) as tf.Tensor1D;
  }
  const [distance, constant] =
    likelihood === 'gaussian'
      ? [tf.mul(tf.sum(tf.square(error), axes), tf.mul(tf.exp(tf.mul(logScale, -2)), 0.5)), 2 * Math.PI]
      : [tf.mul(tf.sum(tf.abs(error), axes), tf.exp(tf.neg(logScale))), 4];
  return tf.add(distance, tf.mul(tf.add(logScale, 0.5 * Math.log(constant)), numbers)) as tf.Tensor1D;
}
