import * as tf from '@tensorflow/tfjs-core';
import type { Bijection, ImageShape } from './bijection.ts';

/** How far from 0 and 1 the logit stays, as Dinh et al. (2017, section 4.1) keep pixels from them. */
const margin = 0.05;
/** Nearer to an end than this a drawn number is taken for one that lies so near. */
const edge = 1e-6;

/**
 * Squashes any number into 0..1 by a sigmoid and opens that up again by the logit of Dinh et al., which was made for pixels: far
 * values are drawn in, as papers/003 section 4 tried. What the flow draws beyond the images of all numbers is taken for the last.
 */
export function sigmoidLogit(shape: ImageShape): Bijection {
  const inner = 1 - 2 * margin;
  const logit = (p: tf.Tensor): tf.Tensor => tf.sub(tf.log(p), tf.log(tf.sub(1, p)));
  return {
    parameters: [],
    outputShape: shape,
    forward(x) {
      const squashed = tf.sigmoid(x);
      const p = tf.add(tf.mul(squashed, inner), margin);
      // log sigmoid'(x) + log(inner) - log p - log(1 - p); both softplus, which no x can make overflow.
      const slope = tf.neg(tf.add(tf.softplus(x), tf.softplus(tf.neg(x))));
      const opened = tf.add(tf.log(p), tf.log(tf.sub(1, p)));
      const logDet = tf.sum(tf.add(tf.sub(slope, opened), Math.log(inner)), [1, 2, 3]);
      return { y: logit(p) as tf.Tensor4D, logDet };
    },
    inverse(y) {
      const squashed = tf.div(tf.sub(tf.sigmoid(y), margin), inner);
      return logit(tf.clipByValue(squashed, edge, 1 - edge)) as tf.Tensor4D;
    },
  };
}
