import * as tf from '@tensorflow/tfjs-core';

/**
 * What `compute` gives, as constants to whoever differentiates: its operations are not recorded for gradients. For what has
 * none (choosing the nearest code) and what is not to be learned by them (running averages). tfjs has no stop-gradient; its
 * tape leaves out what runs inside an operation, which is what its engine is told here.
 */
export function offTape<Result>(compute: () => Result): Result {
  const { state } = tf.engine() as unknown as { state: { kernelDepth: number } };
  state.kernelDepth++;
  try {
    return compute();
  } finally {
    state.kernelDepth--;
  }
}
