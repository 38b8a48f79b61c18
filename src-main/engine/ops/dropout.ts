import * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../noise.ts';

/** Inverted dropout with the engine's keyed noise: each element is zero with probability `rate`, else divided by 1 - rate. */
export function dropout(x: tf.Tensor, rate: number, noise: NoiseSource, site: string): tf.Tensor {
  if (rate === 0) return x;
  const keep = tf.cast(tf.greaterEqual(noise.uniform(site, x.shape), rate), 'float32');
  return tf.mul(tf.mul(x, keep), 1 / (1 - rate));
}
