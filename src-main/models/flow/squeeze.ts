import * as tf from '@tensorflow/tfjs-core';
import type { Bijection, ImageShape } from './bijection.ts';

/** By how much a squeeze divides height and width: 2 where that is even, else not at all. */
export function squeezeFactors([height, width]: ImageShape): [height: number, width: number] {
  return [height % 2 === 0 ? 2 : 1, width % 2 === 0 ? 2 : 1];
}

/** Whether there is anything to squeeze. */
export function canSqueeze(shape: ImageShape): boolean {
  return squeezeFactors(shape).some((factor) => factor > 1);
}

/**
 * Squares of 2 x 2 places become one place of four times the channels (Dinh et al. 2017, section 3.6); an extent that is odd stays, so that a
 * sequence is squeezed along its one axis. Moves numbers only: its determinant is 1.
 */
export function squeeze(shape: ImageShape): Bijection {
  const [height, width, channels] = shape;
  const [down, across] = squeezeFactors(shape);
  const outputShape: ImageShape = [height / down, width / across, channels * down * across];
  const order = [0, 1, 3, 2, 4, 5];
  return {
    parameters: [],
    outputShape,
    forward(x) {
      const blocks = tf.reshape(x, [-1, height / down, down, width / across, across, channels]);
      const y = tf.reshape(tf.transpose(blocks, order), [-1, ...outputShape]) as tf.Tensor4D;
      return { y, logDet: tf.scalar(0) };
    },
    inverse(y) {
      const blocks = tf.reshape(y, [-1, height / down, width / across, down, across, channels]);
      // The order swaps two axes: it is its own inverse.
      return tf.reshape(tf.transpose(blocks, order), [-1, ...shape]) as tf.Tensor4D;
    },
  };
}
