import * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec, Weights } from '../parameters.ts';

/** Kernel `[in, out]` and bias `[out]`. */
export function denseParameters(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return [
    {
      name: `${name}.kernel`,
      shape: [inputs, outputs],
      trainable: true,
      initialiser: { kind: 'glorot-uniform', fanIn: inputs, fanOut: outputs },
    },
    { name: `${name}.bias`, shape: [outputs], trainable: true, initialiser: { kind: 'zeros' } },
  ];
}

/** x `[batch, in]` to `[batch, out]`. */
export function dense(x: tf.Tensor2D, name: string, weights: Weights): tf.Tensor2D {
  return tf.add(
    tf.matMul(x, weights(`${name}.kernel`) as tf.Variable as tf.Tensor2D),
    weights(`${name}.bias`),
  );
}
