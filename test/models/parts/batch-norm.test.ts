import { beforeAll, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { registerParameters } from '../../../src-main/models/parameters.ts';
import { batchNorm, batchNormParameters } from '../../../src-main/models/parts/batch-norm.ts';
import { useCpu } from '../cpu.ts';

beforeAll(useCpu);

const settings = { momentum: 0.99, epsilon: 1e-3 };

function layer(): { weights: ReturnType<typeof registerParameters>; state: StateRegistry } {
  const state = new StateRegistry();
  return { weights: registerParameters(batchNormParameters('norm', 1), state, 0), state };
}

// Four numbers of one channel: mean 2.5, biased variance 1.25, unbiased 5/3.
const batch = (): tf.Tensor4D => tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);

it('normalises by the biased variance of the batch in training', () => {
  const { weights } = layer();
  const y = batchNorm(batch(), 'norm', weights, { ...settings, training: true });
  const expected = [1, 2, 3, 4].map((value) => (value - 2.5) / Math.sqrt(1.25 + 1e-3));
  for (const [index, value] of y.dataSync().entries())
    expect(value).toBeCloseTo(expected[index] as number, 5);
});

it('moves the running mean, and the running variance by the unbiased variance, as Keras does', () => {
  const { weights } = layer();
  batchNorm(batch(), 'norm', weights, { ...settings, training: true });
  expect(weights('norm.movingMean').dataSync()[0]).toBeCloseTo(0.01 * 2.5, 6);
  expect(weights('norm.movingVariance').dataSync()[0]).toBeCloseTo(0.99 + (0.01 * 5) / 3, 6);
});

it('uses the running averages outside training and leaves them', () => {
  const { weights } = layer();
  weights('norm.movingMean').assign(tf.tensor1d([1]));
  weights('norm.movingVariance').assign(tf.tensor1d([4]));
  const y = batchNorm(batch(), 'norm', weights, { ...settings, training: false });
  expect(y.dataSync()[3]).toBeCloseTo(3 / Math.sqrt(4 + 1e-3), 5);
  expect(weights('norm.movingMean').dataSync()[0]).toBe(1);
});

it('keeps the averages out of what the gradient trains', () => {
  const { state } = layer();
  expect(state.trainable().map((entry) => entry.name)).toEqual(['norm.gamma', 'norm.beta']);
});
