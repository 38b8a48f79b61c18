import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lstmGates } from '../../../src-main/engine/ops/lstm-kernel.ts';
import { lstmStep } from '../../../src-main/engine/ops/lstm.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();
const [batch, units] = [3, 5];

function wave(shape: [number, number], scale: number): tf.Tensor2D {
  const length = tf.util.sizeFromShape(shape);
  return tf.tensor2d(
    Float32Array.from({ length }, (_, i) => scale * Math.sin(1 + i * 2.71)),
    shape,
  );
}

function expectClose(actual: tf.Tensor, expected: tf.Tensor, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape);
  expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0], what).toBeLessThan(1e-6);
}

type Step = (gates: tf.Tensor2D, c: tf.Tensor2D) => tf.Tensor2D[];

describe.skipIf(!tensorflow)('lstmStep on TensorFlow', () => {
  const gates = wave([batch, 4 * units], 2);
  const c = wave([batch, units], 1.5);

  it('gives h and c of the formula', () => {
    tf.tidy(() => {
      const [h, nextC] = lstmStep(gates, c) as [tf.Tensor2D, tf.Tensor2D];
      const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
      const [all, before] = [gates.arraySync(), c.arraySync()];
      for (let row = 0; row < batch; row++) {
        for (let unit = 0; unit < units; unit++) {
          const [input, candidate, forget, output] = [0, 1, 2, 3].map(
            (gate) => all[row]![gate * units + unit]!,
          ) as [number, number, number, number];
          const cell = logistic(forget) * before[row]![unit]! + logistic(input) * Math.tanh(candidate);
          expect(nextC.arraySync()[row]![unit]).toBeCloseTo(cell, 5);
          expect(h.arraySync()[row]![unit]).toBeCloseTo(logistic(output) * Math.tanh(cell), 5);
        }
      }
    });
  });

  it.each([
    ['h and c', [1, 0.7]],
    ['h alone', [1, 0]],
    ['c alone', [0, 1]],
  ] as const)('has the gradients of the formula where %s are used', (_, weights) => {
    const loss =
      (step: Step) =>
      (gates: tf.Tensor, c: tf.Tensor): tf.Scalar => {
        const outputs = step(gates as tf.Tensor2D, c as tf.Tensor2D);
        const used = weights.flatMap((weight, index) =>
          weight ? [tf.mul(tf.sum(tf.square(outputs[index]!)), weight)] : [],
        );
        return tf.addN(used) as tf.Scalar;
      };
    tf.tidy(() => {
      const fused = tf.grads(loss(lstmStep))([gates, c]);
      const plain = tf.grads(loss((...args) => lstmGates(...args).slice(0, 2)))([gates, c]);
      expectClose(fused[0]!, plain[0]!, 'd/dgates');
      expectClose(fused[1]!, plain[1]!, 'd/dc');
    });
  });

  it('leaves no tensor behind', () => {
    const run = (): void =>
      tf.tidy(() => {
        tf.grads((g, before) => tf.sum(lstmStep(g as tf.Tensor2D, before as tf.Tensor2D)[0]!))([gates, c]);
      });
    run();
    const { numTensors } = tf.memory();
    run();
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
