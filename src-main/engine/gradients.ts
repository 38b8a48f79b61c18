import * as tf from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from './backends/tensorflow.ts';

type GradientFunction = (dy: tf.Tensor, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;

/**
 * tfjs spells out the gradients of activations as several passes over the data (ReLU's takes six). On TensorFlow each is
 * one op; other backends keep tfjs's formula or its equal. Registered once, for every model.
 */
export function registerFastGradients(backend: TensorFlowBackend): void {
  const native = (op: string, first: tf.Tensor, second: tf.Tensor): tf.Tensor =>
    backend.executeSingleOutput(
      op,
      [{ name: 'T', type: backend.binding.TF_ATTR_TYPE as number, value: backend.binding.TF_FLOAT }],
      [first, second],
    );
  // Each op's inputs in TensorFlow's order: ReluGrad takes (dy, y), the two others (y, dy).
  replace('Relu', (dy, [y]) => ({ x: () => native('ReluGrad', dy, y as tf.Tensor) }));
  replace('Sigmoid', (dy, [y]) => ({ x: () => native('SigmoidGrad', y as tf.Tensor, dy) }));
  replace('Tanh', (dy, [y]) => ({ x: () => native('TanhGrad', y as tf.Tensor, dy) }));
}

function replace(kernelName: string, gradFunc: GradientFunction): void {
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    outputsToSave: [true],
    gradFunc: (dy, saved) => gradFunc(dy as tf.Tensor, saved),
  });
}
