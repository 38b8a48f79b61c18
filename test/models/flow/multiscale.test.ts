import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../../../src-main/engine/adam.ts';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { gaussianBase, mixtureBase } from '../../../src-main/models/flow/base-density.ts';
import type { ImageShape } from '../../../src-main/models/flow/bijection.ts';
import { multiscaleFlow } from '../../../src-main/models/flow/multiscale.ts';
import { registerParameters, sizeOf } from '../../../src-main/models/parameters.ts';
import { testNoise, useCpu } from '../cpu.ts';
import { furthest, numbers, pass, randomWeights } from './flow-helpers.ts';

beforeAll(useCpu);

const settings = { blocks: 3, couplings: 2, hidden: 4, residualBlocks: 1, factorOut: true };

describe.each<[ImageShape]>([[[4, 4, 2]], [[1, 8, 3]], [[3, 5, 2]], [[1, 1, 13]], [[1, 1, 1]], [[8, 8, 1]]])(
  'a flow of %j',
  (shape) => {
    const flow = multiscaleFlow(shape, settings);

    it('gives as many numbers as it is given, and takes them back within 1e-4', () => {
      const weights = randomWeights(flow.parameters);
      const x = numbers(8, shape);
      // As a flow is once it has seen data: without it random scales would pile up.
      flow.forward(x, pass(weights, { training: true }));
      const { z, logDet } = flow.forward(x, pass(weights));
      expect(z.shape).toEqual([8, sizeOf(shape)]);
      expect(logDet.shape).toEqual([8]);
      expect(furthest(flow.inverse(z, weights), x)).toBeLessThan(1e-4);
    });

    it('changes every number, where there are two or more', () => {
      const weights = randomWeights(flow.parameters);
      const x = numbers(2, shape);
      if (sizeOf(shape) === 1) return;
      const there = flow.forward(x, pass(weights)).z;
      const bare = multiscaleFlow(shape, { ...settings, couplings: 0 }).forward(x, pass(weights)).z;
      const unchanged = tf.sum(tf.cast(tf.equal(there, bare), 'int32')).dataSync()[0];
      expect(unchanged).toBe(0);
    });
  },
);

it('factors half of the channels out after each squeeze but the last', () => {
  const channelsAt = (factorOut: boolean): number[] =>
    multiscaleFlow([4, 4, 2], { ...settings, factorOut })
      .parameters.filter(({ name }) => name.endsWith('channel0.actnorm.shift'))
      .map(({ shape }) => shape[0] as number);
  // 2 channels, squeezed 8, half 4, squeezed 16, half 8; then one place is left.
  expect(channelsAt(true)).toEqual([8, 16, 8]);
  expect(channelsAt(false)).toEqual([8, 32, 32]);
});

describe('base densities', () => {
  it('are those of the formula', () => {
    const z = tf.tensor2d([0.5, -1, 2, 0], [2, 2]);
    const gaussian = gaussianBase(2).logDensity(z, () => tf.variable(tf.scalar(0)));
    const expected = [0.25 + 1, 4].map((square) => -Math.log(2 * Math.PI) - square / 2);
    for (const [at, value] of gaussian.dataSync().entries()) expect(value).toBeCloseTo(expected[at]!, 5);
  });

  it('of a mixture integrate to one and are the sum of its parts', () => {
    const mixture = mixtureBase(1, 3);
    const weights = randomWeights(mixture.parameters);
    const [count, from, width] = [4001, -12, 24];
    const grid = tf.reshape(tf.linspace(from, from + width, count), [count, 1]) as tf.Tensor2D;
    const densities = tf.exp(mixture.logDensity(grid, weights)).dataSync<'float32'>();
    const integral = densities.reduce((sum, value) => sum + value, 0) * (width / (count - 1));
    expect(integral).toBeCloseTo(1, 3);
  });

  it('draw what their means and deviations say, the nearer to a mean the lower the temperature', () => {
    const mixture = mixtureBase(2, 2);
    const weights = randomWeights(mixture.parameters);
    weights('base.means').assign(tf.tensor2d([-10, -10, 10, 10], [2, 2]));
    const drawn = (temperature: number): Float32Array =>
      mixture.draw(400, testNoise(), tf.scalar(temperature), weights).dataSync() as Float32Array;
    const away = (values: Float32Array): number =>
      values.reduce((sum, value) => sum + Math.abs(Math.abs(value) - 10), 0) / values.length;
    const [warm, cold] = [drawn(1), drawn(0.1)];
    expect(warm.some((value) => value < 0) && warm.some((value) => value > 0)).toBe(true);
    expect(away(cold)).toBeLessThan(0.2 * away(warm));
    expect(away(drawn(0))).toBeCloseTo(0, 5);
  });
});

it('learns a known density: bits a dimension come down to its entropy, and what is drawn has its moments', () => {
  const shape: ImageShape = [1, 1, 2];
  const flow = multiscaleFlow(shape, { ...settings, blocks: 1, hidden: 8 });
  const base = gaussianBase(2);
  const state = new StateRegistry();
  const weights = registerParameters(flow.parameters, state, 0);
  const adam = new Adam(state);
  // x ~ N(1, 2^2), y = 0.8 x + N(0, 0.5^2): entropy log2(2 pi e 2 0.5) / 2 bits a dimension.
  const batch = (key: number, clips = 128): tf.Tensor4D => {
    const eps = testNoise(key).normal('data', [clips, 2]);
    const [a, b] = tf.split(eps, 2, 1) as [tf.Tensor, tf.Tensor];
    const x = tf.add(tf.mul(a, 2), 1);
    return tf.reshape(tf.concat([x, tf.add(tf.mul(x, 0.8), tf.mul(b, 0.5))], 1), [clips, ...shape]);
  };
  const nats = (x: tf.Tensor4D, training: boolean): tf.Scalar => {
    const { z, logDet } = flow.forward(x, pass(weights, { training, noise: null }));
    return tf.neg(tf.mean(tf.add(base.logDensity(z, weights), logDet)));
  };
  for (let step = 0; step < 120; step++) {
    tf.tidy(() => {
      adam.minimise(() => ({ total: tf.div(nats(batch(step), true), 2) as tf.Scalar }), {
        learningRate: tf.scalar(step < 80 ? 0.02 : 0.004),
        clipNorm: null,
      });
    });
  }
  const bits = (nats(batch(10_000, 8192), false).dataSync()[0] as number) / (2 * Math.LN2);
  const entropy = Math.log2(2 * Math.PI * Math.E * 2 * 0.5) / 2;
  expect(bits).toBeGreaterThan(entropy - 0.05);
  expect(bits).toBeLessThan(entropy + 0.08);
  const drawn = flow.inverse(base.draw(2000, testNoise(5), tf.scalar(1), weights), weights);
  const { mean, variance } = tf.moments(tf.reshape(drawn, [2000, 2]), 0);
  expect(mean.dataSync()[0]).toBeCloseTo(1, 0);
  expect(Math.sqrt(variance.dataSync()[0] as number)).toBeCloseTo(2, 0);
});
