import * as tf from '@tensorflow/tfjs-core';
import { currentTensorFlow } from '../backends/current.ts';

/**
 * Rows of `x` `[rows, ...]` by `indices` int32 `[count]`: `[count, ...]`. tfjs-node's own gather reads the indices back to check
 * them, which no compiled step can; here they are the caller's to keep in range. It has no gradient.
 */
export function gatherRows(x: tf.Tensor, indices: tf.Tensor1D): tf.Tensor {
  const backend = currentTensorFlow();
  if (!backend) return tf.gather(x, indices);
  const { binding } = backend;
  const type = (name: string, value: unknown) => ({ name, type: binding.TF_ATTR_TYPE as number, value });
  const attributes = [
    { name: 'batch_dims', type: binding.TF_ATTR_INT as number, value: 0 },
    type('Tparams', binding.TF_FLOAT),
    type('Tindices', binding.TF_INT32),
    type('Taxis', binding.TF_INT32),
  ];
  return backend.executeSingleOutput('GatherV2', attributes, [x, indices, tf.scalar(0, 'int32')]);
}
