import * as tf from '@tensorflow/tfjs-core';

/** The frame before each frame of `xs` `[time, batch, dim]`: `before` `[batch, dim]` comes first. */
export function previousFrames(xs: tf.Tensor3D, before: tf.Tensor2D): tf.Tensor3D {
  const [time, batch, dim] = xs.shape;
  const first = tf.expandDims(before, 0) as tf.Tensor3D;
  return time === 1 ? first : tf.concat([first, tf.slice(xs, [0, 0, 0], [time - 1, batch, dim])], 0);
}

/** The last frame of `xs` `[time, batch, dim]`: `[batch, dim]`. */
export function lastFrame(xs: tf.Tensor3D): tf.Tensor2D {
  return tf.squeeze(tf.slice(xs, [xs.shape[0] - 1, 0, 0], [1, -1, -1]), [0]);
}
