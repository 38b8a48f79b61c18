import * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../../engine/noise.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';

/** What a flow brings its data to: a density of vectors `[batch, size]`. */
export interface BaseDensity {
  parameters: ParameterSpec[];
  /** Log density of each row in nats, `[batch]`. */
  logDensity(z: tf.Tensor2D, weights: Weights): tf.Tensor1D;
  /** Rows drawn from it; `temperature` scales how far they lie from their mean. */
  draw(count: number, noise: NoiseSource, temperature: tf.Scalar, weights: Weights): tf.Tensor2D;
}

const logTwoPi = Math.log(2 * Math.PI);

/** The standard normal density. */
export function gaussianBase(size: number): BaseDensity {
  return {
    parameters: [],
    logDensity: (z) => tf.mul(tf.add(tf.sum(tf.square(z), 1), size * logTwoPi), -0.5),
    draw: (count, noise, temperature) =>
      tf.mul(noise.normal('base', [count, size]), temperature) as tf.Tensor2D,
  };
}

/** A mixture of `components` Gaussians with diagonal covariances, whose weights, means and deviations are learned. */
export function mixtureBase(size: number, components: number): BaseDensity {
  const at = (weights: Weights, array: string): tf.Tensor2D =>
    weights(`base.${array}`) as unknown as tf.Tensor2D;
  const learned = (array: string, shape: number[], limit: number): ParameterSpec => ({
    name: `base.${array}`,
    shape,
    trainable: true,
    initialiser: limit === 0 ? { kind: 'zeros' } : { kind: 'uniform', limit },
  });
  return {
    parameters: [
      learned('logits', [components], 0),
      // Apart from each other from the start: components that begin alike stay alike.
      learned('means', [components, size], 1),
      learned('logDeviations', [components, size], 0),
    ],
    logDensity(z, weights) {
      const [means, logDeviations] = [at(weights, 'means'), at(weights, 'logDeviations')];
      const precision = tf.exp(tf.mul(logDeviations, -2)) as tf.Tensor2D;
      // (z - m)^2 / s^2 summed, multiplied out: two products instead of [batch, components, size] numbers.
      const weighted = tf.mul(means, precision) as tf.Tensor2D;
      const distance = tf.add(
        tf.sub(
          tf.matMul(tf.square(z) as tf.Tensor2D, precision, false, true),
          tf.mul(tf.matMul(z, weighted, false, true), 2),
        ),
        tf.sum(tf.mul(means, weighted), 1),
      );
      const constant = tf.add(tf.sum(logDeviations, 1), (size * logTwoPi) / 2);
      const logWeights = tf.logSoftmax(at(weights, 'logits') as unknown as tf.Tensor1D);
      const each = tf.add(tf.sub(tf.mul(distance, -0.5), constant), logWeights);
      return tf.logSumExp(each, 1) as tf.Tensor1D;
    },
    draw(count, noise, temperature, weights) {
      const uniform = noise.uniform('component', [count, components]);
      const gumbel = tf.neg(tf.log(tf.neg(tf.log(tf.clipByValue(uniform, 1e-7, 1 - 1e-7)))));
      const chosen = tf.argMax(tf.add(at(weights, 'logits'), gumbel), 1) as tf.Tensor1D;
      const pick = tf.oneHot(chosen, components, 1, 0, 'float32') as tf.Tensor2D;
      const deviation = tf.exp(tf.matMul(pick, at(weights, 'logDeviations')));
      const away = tf.mul(tf.mul(noise.normal('base', [count, size]), temperature), deviation);
      return tf.add(tf.matMul(pick, at(weights, 'means')), away) as tf.Tensor2D;
    },
  };
}
