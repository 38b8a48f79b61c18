import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lstmLayer } from '../../../src-main/engine/ops/lstm-layer.ts';
import { lstmCell, type LstmWeights } from '../../../src-main/engine/ops/lstm.ts';
import { scan, type ScanResult } from '../../../src-main/engine/scan.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();
const [time, batch, inputs, units] = [6, 3, 4, 5];

function wave(shape: number[], scale: number): tf.Tensor {
  const length = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length }, (_, i) => scale * Math.sin(1 + i * 2.71)),
    shape,
  );
}

type Layer = (weights: LstmWeights, init: tf.Tensor[], xs: tf.Tensor) => ScanResult;
const scanned: Layer = (weights, init, xs) => scan(lstmCell(weights), init, [xs]);

describe.skipIf(!tensorflow)('lstmLayer on TensorFlow', () => {
  const all = [
    wave([time, batch, inputs], 2),
    wave([inputs, 4 * units], 0.5),
    wave([units, 4 * units], 0.6),
    wave([4 * units], 0.3),
    wave([batch, units], 0.4),
    wave([batch, units], 1.2),
  ];
  const through = (layer: Layer, args: tf.Tensor[]): ScanResult => {
    const [xs, kernel, recurrentKernel, bias, h, c] = args;
    return layer({ kernel, recurrentKernel, bias } as LstmWeights, [h!, c!], xs!);
  };

  function expectClose(actual: tf.Tensor, expected: tf.Tensor, what: string): void {
    expect(actual.shape, what).toEqual(expected.shape);
    expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0], what).toBeLessThan(1e-5);
  }

  it('gives every frame and the state at the end as the scan does', () => {
    tf.tidy(() => {
      const [layer, reference] = [through(lstmLayer, all), through(scanned, all)];
      expectClose(layer.ys[0]!, reference.ys[0]!, 'h of all frames');
      expectClose(layer.carry[0]!, reference.carry[0]!, 'the last h');
      expectClose(layer.carry[1]!, reference.carry[1]!, 'the last c');
    });
  });

  it('has the gradients of the scan in inputs, weights, bias and the state at the start', () => {
    const gradients = (layer: Layer): tf.Tensor[] =>
      tf.grads((...args) => {
        const { ys, carry } = through(layer, args);
        return tf.add(tf.sum(tf.square(ys[0]!)), tf.sum(carry[0]!));
      })(all);
    tf.tidy(() => {
      const [layer, reference] = [gradients(lstmLayer), gradients(scanned)];
      for (const [index, name] of ['xs', 'kernel', 'recurrentKernel', 'bias', 'h', 'c'].entries()) {
        expectClose(layer[index]!, reference[index]!, `d/d${name}`);
      }
    });
  });

  it('leaves no tensor behind', () => {
    const run = (): void =>
      tf.tidy(() => {
        tf.grads((...args) => tf.sum(through(lstmLayer, args).ys[0]!))(all);
      });
    run();
    const { numTensors } = tf.memory();
    run();
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
