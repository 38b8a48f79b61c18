import * as tf from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from '../backends/tensorflow.ts';

/** The name under which tfjs knows the step of an LSTM. */
export const lstmStepKernel = 'LstmStep';

/** `[h, next c, input, forget, output, candidate, tanh of next c]`, each `[batch, units]`: with what the gradient needs. */
export function lstmGates(gates: tf.Tensor2D, c: tf.Tensor2D): tf.Tensor2D[] {
  const parts = tf.split(gates, 4, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const [input, forget, output] = [tf.sigmoid(parts[0]), tf.sigmoid(parts[2]), tf.sigmoid(parts[3])];
  const candidate = tf.tanh(parts[1]);
  const nextC: tf.Tensor2D = tf.add(tf.mul(forget, c), tf.mul(input, candidate));
  const squashed = tf.tanh(nextC);
  return [tf.mul(output, squashed), nextC, input, forget, output, candidate, squashed];
}

/** What a step gave and was given, each `[batch, units]`. */
export interface LstmStepValues {
  c: tf.Tensor;
  nextC: tf.Tensor;
  input: tf.Tensor;
  forget: tf.Tensor;
  output: tf.Tensor;
  candidate: tf.Tensor;
  /** tanh of the next c. */
  squashed: tf.Tensor;
}

/**
 * TensorFlow's own gradient of the element-wise part of a step (LSTMBlockCellGrad, which multiplies by no weight): one op where the
 * formula's derivative takes some twenty, each with a dispatch and a tensor of its own. Gives the gradients `[c, gates]` from those of h and next c.
 */
export function lstmStepGradient(
  backend: TensorFlowBackend,
): (step: LstmStepValues, dh: tf.Tensor, dc: tf.Tensor) => [tf.Tensor, tf.Tensor] {
  const { binding } = backend;
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE as number, value: binding.TF_FLOAT },
    { name: 'use_peephole', type: binding.TF_ATTR_BOOL as number, value: false },
  ];
  return ({ c, nextC, input, forget, output, candidate, squashed }, dh, dc) => {
    const [batch, units] = c.shape as [number, number];
    // The op asks for the shapes of the inputs and weights, whose values are not read.
    const zeros = (shape: number[]): tf.Tensor => tf.fill(shape, 0);
    const [inputs, weights] = [zeros([batch, 0]), zeros([units, 4 * units])];
    const [peephole, bias] = [zeros([units]), zeros([4 * units])];
    const ofStep = [input, nextC, forget, output, candidate, squashed, dc, dh];
    const operands = [inputs, c, c, weights, peephole, peephole, peephole, bias, ...ofStep];
    return backend.executeMultipleOutputs('LSTMBlockCellGrad', attributes, operands, 5).slice(0, 2) as [
      tf.Tensor,
      tf.Tensor,
    ];
  };
}

/** Makes the step of an LSTM one operation to tfjs's tape. */
export function registerLstmStep(backend: TensorFlowBackend): void {
  const gradient = lstmStepGradient(backend);
  tf.registerKernel({
    kernelName: lstmStepKernel,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs }) =>
      tf.tidy(() => lstmGates(inputs.gates as tf.Tensor2D, inputs.c as tf.Tensor2D)),
  });
  tf.registerGradient({
    kernelName: lstmStepKernel,
    inputsToSave: ['c'],
    outputsToSave: [false, true, true, true, true, true, true],
    gradFunc: (dy, saved) => {
      const [dh, dc] = dy as [tf.Tensor, tf.Tensor];
      const [c, nextC, input, forget, output, candidate, squashed] = saved as [
        ...[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor],
        ...[tf.Tensor, tf.Tensor, tf.Tensor],
      ];
      const step = { c, nextC, input, forget, output, candidate, squashed };
      const [dcBefore, dGates] = gradient(step, dh, dc);
      return { gates: () => dGates, c: () => dcBefore };
    },
  });
}
