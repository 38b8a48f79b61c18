import * as tf from '@tensorflow/tfjs-core';
import { currentTensorFlow } from '../backends/current.ts';
import type { TensorFlowBackend } from '../backends/tensorflow.ts';

/** A normalised batch and the statistics that normalised it; `variance` is the biased one. */
export interface BatchNormResult {
  /** `[batch, height, width, channels]` */
  y: tf.Tensor4D;
  /** `[channels]` */
  mean: tf.Tensor1D;
  /** `[channels]` */
  variance: tf.Tensor1D;
}

/**
 * Batch normalisation with the batch's own statistics over batch, height and width: differentiable in `x`, `scale`, `offset`
 * (the statistics are for running averages: no gradient flows through them on TensorFlow).
 * x `[batch, height, width, channels]`, scale and offset `[channels]`. One fused op on TensorFlow.
 */
export function batchNormTraining(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): BatchNormResult {
  const backend = currentTensorFlow();
  if (backend) return fusedBatchNorm(backend, x, scale, offset, epsilon);
  const { mean, variance } = tf.moments(x, [0, 1, 2]) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
  const y = tf.batchNorm4d(x, mean, variance, offset, scale, epsilon);
  return { y, mean, variance };
}

function fusedBatchNorm(
  backend: TensorFlowBackend,
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): BatchNormResult {
  const { binding } = backend;
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE as number, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE as number, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT as number, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING as number, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL as number, value: true },
  ];
  const forwardOnly = { name: 'exponential_avg_factor', type: binding.TF_ATTR_FLOAT as number, value: 1 };
  // The op runs outside the tape, so that its statistics can leave as ordinary tensors; the tape sees an identity whose
  // gradient is the fused one.
  const empty = tf.tensor1d([], 'float32');
  const [normalised, mean, unbiasedVariance, ...reserves] = backend.executeMultipleOutputs(
    'FusedBatchNormV3',
    [...attributes, forwardOnly],
    [x, scale, offset, empty, empty],
    6,
  ) as [tf.Tensor, tf.Tensor1D, tf.Tensor1D, ...tf.Tensor[]];
  const count = x.size / (x.shape.at(-1) ?? 1);
  const variance = tf.mul(unbiasedVariance, (count - 1) / count) as tf.Tensor1D;
  const identity = tf.customGrad((xInput, scaleInput, _offset, save) => {
    (save as tf.GradSaveFunc)([xInput as tf.Tensor, scaleInput as tf.Tensor, ...reserves]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] =>
      backend.executeMultipleOutputs('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3);
    return { value: tf.clone(normalised), gradFunc };
  });
  return { y: identity(x, scale, offset) as tf.Tensor4D, mean, variance };
}
