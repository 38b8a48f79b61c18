import * as tf from '@tensorflow/tfjs-core';
import type { ScanCell } from '../scan.ts';

/** Weights of an LSTM layer; the four gates lie side by side in the order input, forget, output, candidate. */
export interface LstmWeights {
  /** `[inputs, 4 * units]` */
  kernel: tf.Tensor2D;
  /** `[units, 4 * units]` */
  recurrentKernel: tf.Tensor2D;
  /** `[4 * units]` */
  bias: tf.Tensor1D;
}

/** The next `[h, c]`, each `[batch, units]`, from all gates before their activations, `[batch, 4 * units]`, and c. */
export function lstmStep(gates: tf.Tensor2D, c: tf.Tensor2D): tf.Tensor2D[] {
  const units = c.shape[1];
  const [sigmoids, candidate] = tf.split(gates, [3 * units, units], 1) as [tf.Tensor2D, tf.Tensor2D];
  const [input, forget, output] = tf.split(tf.sigmoid(sigmoids), 3, 1) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const nextC: tf.Tensor2D = tf.add(tf.mul(forget, c), tf.mul(input, tf.tanh(candidate)));
  return [tf.mul(output, tf.tanh(nextC)), nextC];
}

/**
 * The LSTM cell (Hochreiter and Schmidhuber, 1997, with forget gates and no peepholes) for `scan`: carry `[h, c]`, each
 * `[batch, units]`; x `[batch, inputs]`; y `[h]`. The products with the inputs are done for the whole sequence at once.
 * (TensorFlow's BlockLSTMV2 was measured at a third of this speed on CPU.)
 */
export function lstmCell({ kernel, recurrentKernel, bias }: LstmWeights): ScanCell {
  const units = recurrentKernel.shape[0];
  const cell: ScanCell = ([h, c], [projected]) => {
    const gates = tf.add(projected as tf.Tensor, tf.matMul(h as tf.Tensor2D, recurrentKernel));
    const [nextH, nextC] = lstmStep(gates as tf.Tensor2D, c as tf.Tensor2D) as [tf.Tensor, tf.Tensor];
    return { carry: [nextH, nextC], y: [nextH] };
  };
  cell.prepare = ([xs]) => {
    const [time = 0, batch = 0, inputs = 0] = (xs as tf.Tensor).shape;
    const flat = tf.reshape(xs as tf.Tensor, [time * batch, inputs]) as tf.Tensor2D;
    return [tf.reshape(tf.add(tf.matMul(flat, kernel), bias), [time, batch, 4 * units])];
  };
  return cell;
}
