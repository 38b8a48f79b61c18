import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batchNormTraining } from '../../../src-main/engine/ops/batch-norm.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();

function wave(shape: number[], scale: number, shift = 0): tf.Tensor {
  const length = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length }, (_, i) => shift + scale * Math.sin(3 + i * 5.417)),
    shape,
  );
}

/** The formula (Ioffe and Szegedy, 2015, algorithm 1) spelt out, for tfjs to differentiate by itself. */
function spelledOut(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): tf.Tensor {
  const mean = tf.mean(x, [0, 1, 2]);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), [0, 1, 2]);
  return tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, epsilon))), scale), offset);
}

function expectClose(actual: tf.Tensor, expected: tf.Tensor, what: string): void {
  const error = tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0] as number;
  const size = tf.max(tf.abs(expected)).dataSync()[0] as number;
  expect(error / size, what).toBeLessThan(1e-4);
}

describe.skipIf(!tensorflow)('batchNormTraining on TensorFlow (fused)', () => {
  const shape = [3, 4, 5, 6];
  it('gives the output, the mean and the biased variance of the formula', () => {
    tf.tidy(() => {
      const [x, scale, offset] = [wave(shape, 2, 1), wave([6], 0.5, 1), wave([6], 0.3)];
      const result = batchNormTraining(x as tf.Tensor4D, scale as tf.Tensor1D, offset as tf.Tensor1D, 1e-3);
      expectClose(result.y, spelledOut(x, scale, offset, 1e-3), 'y');
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      expectClose(result.mean, mean, 'mean');
      expectClose(result.variance, variance, 'variance');
    });
  });

  it('has the gradients of the formula in x, scale and offset', () => {
    tf.tidy(() => {
      const inputs = [wave(shape, 2, 1), wave([6], 0.5, 1), wave([6], 0.3)];
      const weights = wave(shape, 1, 0.2);
      const through =
        (normalise: (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => tf.Tensor) =>
        (...args: tf.Tensor[]): tf.Tensor =>
          tf.sum(tf.mul(tf.square(normalise(args[0]!, args[1]!, args[2]!)), weights));
      const fused = tf.grads(
        through((x, s, o) => batchNormTraining(x as tf.Tensor4D, s as tf.Tensor1D, o as tf.Tensor1D, 1e-3).y),
      )(inputs);
      const plain = tf.grads(through((x, s, o) => spelledOut(x, s, o, 1e-3)))(inputs);
      for (const [index, name] of ['x', 'scale', 'offset'].entries()) {
        expectClose(fused[index]!, plain[index]!, `d/d${name}`);
      }
    });
  });
});

describe.skipIf(!tensorflow)('fast gradients on TensorFlow', () => {
  const derivatives: [string, (x: tf.Tensor) => tf.Tensor, (x: number) => number][] = [
    ['relu', tf.relu, (x) => (x > 0 ? 1 : 0)],
    ['sigmoid', tf.sigmoid, (x) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2],
    ['tanh', tf.tanh, (x) => 1 - Math.tanh(x) ** 2],
  ];
  for (const [name, activation, derivative] of derivatives) {
    it(name, () => {
      tf.tidy(() => {
        const x = wave([40], 3);
        const upstream = wave([40], 1, 0.5);
        const gradient = tf.grad((value: tf.Tensor) => tf.sum(tf.mul(activation(value), upstream)))(x);
        const expected = Array.from(x.dataSync(), derivative);
        expectClose(gradient, tf.mul(tf.tensor1d(expected), upstream), name);
      });
    });
  }
});
