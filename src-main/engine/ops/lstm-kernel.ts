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

/**
 * Makes the step of an LSTM one operation to tfjs's tape, with TensorFlow's own gradient of its element-wise part
 * (LSTMBlockCellGrad, which multiplies by no weight): one op where the formula's derivative takes some twenty, each with a
 * dispatch and a tensor of its own.
 */
export function registerLstmStep(backend: TensorFlowBackend): void {
  const { binding } = backend;
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE as number, value: binding.TF_FLOAT },
    { name: 'use_peephole', type: binding.TF_ATTR_BOOL as number, value: false },
  ];
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
      const [dh, dc] = dy as tf.Tensor[];
      const [c, nextC, input, forget, output, candidate, squashed] = saved as tf.Tensor2D[];
      const [batch, units] = (c as tf.Tensor2D).shape;
      // The op asks for the shapes of the inputs and weights, whose values are not read.
      const zeros = (shape: number[]): tf.Tensor => tf.fill(shape, 0);
      const [inputs, weights] = [zeros([batch, 0]), zeros([units, 4 * units])];
      const [peephole, bias] = [zeros([units]), zeros([4 * units])];
      const ofStep = [input, nextC, forget, output, candidate, squashed, dc, dh] as tf.Tensor[];
      const [dcBefore, dGates] = backend.executeMultipleOutputs(
        'LSTMBlockCellGrad',
        attributes,
        [inputs, c, c, weights, peephole, peephole, peephole, bias, ...ofStep] as tf.Tensor[],
        5,
      ) as [tf.Tensor, tf.Tensor];
      return { gates: () => dGates, c: () => dcBefore };
    },
  });
}
