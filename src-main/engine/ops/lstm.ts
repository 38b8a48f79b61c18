import * as tf from '@tensorflow/tfjs-core';
import { currentTensorFlow } from '../backends/current.ts';
import type { ScanCell } from '../scan.ts';
import { lstmGates, lstmStepKernel } from './lstm-kernel.ts';

/** Weights of an LSTM layer; the four gates lie side by side in the order input, candidate, forget, output. */
export interface LstmWeights {
  /** `[inputs, 4 * units]` */
  kernel: tf.Tensor2D;
  /** `[units, 4 * units]` */
  recurrentKernel: tf.Tensor2D;
  /** `[4 * units]` */
  bias: tf.Tensor1D;
}

/**
 * The next `[h, c]`, each `[batch, units]`, from all gates before their activations, `[batch, 4 * units]` in the order of
 * `LstmWeights`, and c. On TensorFlow its gradient is one op.
 */
export function lstmStep(gates: tf.Tensor2D, c: tf.Tensor2D): tf.Tensor2D[] {
  const outputs = currentTensorFlow()
    ? (tf.engine().runKernel(lstmStepKernel, { gates, c }) as tf.Tensor2D[])
    : lstmGates(gates, c);
  return outputs.slice(0, 2);
}

/**
 * The LSTM cell (Hochreiter and Schmidhuber, 1997, with forget gates and no peepholes) for `scan`: carry `[h, c]`, each
 * `[batch, units]`; x `[batch, inputs]`; y `[h]`. The products with the inputs are done for the whole sequence at once.
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
