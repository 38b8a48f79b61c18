import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolveTransposedByTaps } from '../../../src-main/engine/ops/transposed-taps.ts';

beforeAll(async () => {
  await import('../../models/cpu.ts');
});

function compared(
  shape: [number, number, number, number],
  [height, width, outputs]: [number, number, number],
) {
  const x = tf.randomNormal(shape, 0, 1, 'float32', 1) as tf.Tensor4D;
  const kernel = tf.randomNormal([height, width, outputs, shape[3]], 0, 1, 'float32', 2) as tf.Tensor4D;
  const weights = tf.randomNormal([shape[0], shape[1], shape[2], outputs], 0, 1, 'float32', 3);
  const both = [
    convolveTransposedByTaps,
    (image: tf.Tensor4D, taps: tf.Tensor4D) =>
      tf.conv2dTranspose(image, taps, [shape[0], shape[1], shape[2], outputs], 1, 'same'),
  ].map((made) => {
    const weighed = (image: tf.Tensor, taps: tf.Tensor): tf.Tensor =>
      tf.sum(tf.mul(made(image as tf.Tensor4D, taps as tf.Tensor4D), weights));
    return [made(x, kernel), ...tf.grads(weighed)([x, kernel])];
  });
  return both as [tf.Tensor[], tf.Tensor[]];
}

describe('convolveTransposedByTaps', () => {
  it.each([
    { kernel: [3, 3, 1] as const, shape: [2, 5, 4, 3] as const },
    { kernel: [3, 3, 2] as const, shape: [1, 4, 6, 2] as const },
    { kernel: [4, 2, 1] as const, shape: [2, 5, 5, 2] as const },
    { kernel: [1, 1, 3] as const, shape: [1, 3, 2, 4] as const },
    { kernel: [5, 3, 2] as const, shape: [1, 2, 2, 3] as const },
  ])(
    'gives what a transposed convolution gives, and its gradients: $kernel on $shape',
    ({ kernel, shape }) => {
      const [ours, theirs] = compared([...shape], [...kernel]);
      for (const [at, one] of ours.entries()) {
        const other = theirs[at] as tf.Tensor;
        expect(one.shape).toEqual(other.shape);
        const apart = tf.max(tf.abs(tf.sub(one, other))).dataSync()[0] ?? Number.NaN;
        expect(apart).toBeLessThan(1e-4);
      }
    },
  );
});
