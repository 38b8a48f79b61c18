import * as tf from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from './tensorflow.ts';

/** TensorFlow's backend where it is the one in use, else null: for ops that have a native form there. */
export function currentTensorFlow(): TensorFlowBackend | null {
  return tf.getBackend() === 'tensorflow' ? (tf.backend() as TensorFlowBackend) : null;
}
