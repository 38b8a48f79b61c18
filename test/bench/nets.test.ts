import { beforeAll, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { StateRegistry } from '../../src-main/engine/state.ts';
import { parameterCount } from '../../src-main/models/config.ts';
import { testNoise, useCpu } from '../models/cpu.ts';
import { buildLstmVae } from './lstm-vae.ts';
import { fourBlockConfig, randomBatch } from './nets.ts';

beforeAll(useCpu);

it('the four-block net has the 1.24 million numbers that the comparison is named for', () => {
  expect(parameterCount(fourBlockConfig()).total / 1e6).toBeCloseTo(1.24, 2);
});

it('the LSTM-VAE has a finite loss and a gradient for every weight', () => {
  const config = { frames: 4, bins: 5, units: 3, latentDim: 2 };
  const state = new StateRegistry();
  const model = buildLstmVae(config, state, 0);
  const x = tf.tensor3d(randomBatch([4, 2, 5]), [4, 2, 5]);
  const trainable = state.trainable();
  const { value, grads } = tf.variableGrads(
    () => model.loss(x, testNoise()).total,
    trainable.map((entry) => entry.variable),
  );
  expect(value.dataSync()[0]).toSatisfy(Number.isFinite);
  for (const { name, variable } of trainable) {
    expect(
      (grads[variable.name] as tf.Tensor).dataSync().some((slope) => slope !== 0),
      name,
    ).toBe(true);
  }
});
