import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { actNorm, normalise } from '../../../src-main/models/flow/actnorm.ts';
import type { Bijection, ImageShape } from '../../../src-main/models/flow/bijection.ts';
import { coupling } from '../../../src-main/models/flow/coupling.ts';
import { checkerboard, halves, maskFits } from '../../../src-main/models/flow/masks.ts';
import { sigmoidLogit } from '../../../src-main/models/flow/preprocess.ts';
import { squeeze } from '../../../src-main/models/flow/squeeze.ts';
import { leakedTensors, testNoise, useCpu } from '../cpu.ts';
import { furthest, numbers, numericalLogDet, pass, randomWeights } from './flow-helpers.ts';

beforeAll(useCpu);

const net = { hidden: 5, residualBlocks: 1 };
const image: ImageShape = [2, 4, 3];
const vector: ImageShape = [1, 1, 5];

const bijections: [name: string, make: (shape: ImageShape) => Bijection][] = [
  ['squeeze', squeeze],
  ['actnorm', (shape) => actNorm('a', shape)],
  ['normalise', (shape) => normalise('n', shape)],
  ['sigmoid-logit', sigmoidLogit],
  ...(['checkerboard', 'channel'] as const).flatMap((mask) =>
    [false, true].map((odd): [string, (shape: ImageShape) => Bijection] => [
      `${mask} coupling, odd ${odd}`,
      (shape) => coupling('c', shape, { ...net, mask, odd }),
    ]),
  ),
];

describe.each(bijections)('%s', (_, make) => {
  it.each([[image], [vector]])('of %j is undone by its inverse within 1e-4', (shape) => {
    const layer = make(shape);
    const weights = randomWeights(layer.parameters);
    const x = numbers(6, shape);
    const { y } = layer.forward(x, pass(weights));
    expect(y.shape).toEqual([6, ...layer.outputShape]);
    expect(furthest(layer.inverse(y, weights), x)).toBeLessThan(1e-4);
  });

  it.each([[image], [vector]])('of %j tells the determinant that differences give', (shape) => {
    const layer = make(shape);
    const weights = randomWeights(layer.parameters);
    const x = numbers(1, shape, 7);
    const { logDet } = layer.forward(x, pass(weights, { noise: null }));
    expect(tf.sum(logDet).dataSync()[0]).toBeCloseTo(numericalLogDet(layer, x, weights), 1);
  });

  it('leaks no tensor', () => {
    const layer = make(image);
    const weights = randomWeights(layer.parameters);
    const x = numbers(2, image);
    const leaked = leakedTensors(() =>
      tf.tidy(() => void layer.inverse(layer.forward(x, pass(weights, { training: true })).y, weights)),
    );
    expect(leaked).toBe(0);
  });
});

describe('masks', () => {
  it('keep every other place, and of a vector every other number', () => {
    expect([...checkerboard([2, 2, 2], false)]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
    expect([...checkerboard([2, 2, 1], true)]).toEqual([0, 1, 1, 0]);
    expect([...checkerboard([1, 1, 5], false)]).toEqual([1, 0, 1, 0, 1]);
  });

  it('of two parities share every number out between them', () => {
    const extent = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(extent, extent, extent, (height, width, channels) => {
        const shape: ImageShape = [height, width, channels];
        const [even, odd] = [checkerboard(shape, false), checkerboard(shape, true)];
        return even.every((value, at) => value + odd[at]! === 1);
      }),
    );
  });

  it('cut channels in two parts, also when they are odd in number', () => {
    expect(halves(6)).toEqual([3, 3]);
    expect(halves(13)).toEqual([6, 7]);
  });

  it('do not fit what has only one number to keep or to change', () => {
    expect(maskFits([1, 1, 1], 'checkerboard')).toBe(false);
    expect(maskFits([4, 4, 1], 'channel')).toBe(false);
    expect(maskFits([4, 4, 1], 'checkerboard')).toBe(true);
    expect(maskFits([1, 1, 2], 'channel')).toBe(true);
  });
});

it('leaves the half that its mask keeps exactly as it is', () => {
  const layer = coupling('c', image, { ...net, mask: 'checkerboard', odd: false });
  const x = numbers(3, image);
  const { y } = layer.forward(x, pass(randomWeights(layer.parameters)));
  const mask = tf.tensor(checkerboard(image, false), [1, ...image]);
  expect(furthest(tf.mul(y, mask), tf.mul(x, mask))).toBe(0);
  expect(furthest(y, x)).toBeGreaterThan(0.01);
});

it('squeezes a square of places into one, and an odd extent not at all', () => {
  const squeezed = squeeze([2, 2, 1]).forward(
    tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]),
    pass(randomWeights([])),
  );
  expect([...squeezed.y.dataSync()]).toEqual([1, 2, 3, 4]);
  expect(squeeze([3, 4, 2]).outputShape).toEqual([3, 2, 4]);
  expect(squeeze([1, 8, 2]).outputShape).toEqual([1, 4, 4]);
});

it('makes its first training batch mean 0 and deviation 1, and keeps to what that said', () => {
  const layer = actNorm('a', vector);
  const weights = randomWeights(layer.parameters.map((spec) => ({ ...spec, trainable: false })));
  const first = tf.add(tf.mul(numbers(50, vector), 3), 7) as tf.Tensor4D;
  const { y } = layer.forward(first, pass(weights, { training: true }));
  const { mean, variance } = tf.moments(y, [0, 1, 2]);
  for (const value of mean.dataSync()) expect(value).toBeCloseTo(0, 4);
  for (const value of variance.dataSync()) expect(value).toBeCloseTo(1, 4);
  const second = layer.forward(tf.zeros([2, ...vector]), pass(weights, { training: true }));
  const again = layer.forward(tf.zeros([2, ...vector]), pass(weights));
  expect(furthest(second.y, again.y)).toBeLessThan(1e-6);
  expect(Math.abs(second.y.dataSync()[0] as number)).toBeGreaterThan(1);
});

it('gives noise in the place of channels that never change, and their constant back', () => {
  const shape: ImageShape = [1, 1, 3];
  const layer = normalise('n', shape);
  const weights = randomWeights(layer.parameters);
  const varying = numbers(40, [1, 1, 2]);
  const x = tf.concat([varying, tf.fill([40, 1, 1, 1], 5)], 3) as tf.Tensor4D;
  const { y, logDet } = layer.forward(x, pass(weights, { training: true, noise: testNoise() }));
  expect(layer.constants(weights).dataSync()[0]).toBe(1);
  const { variance } = tf.moments(y, [0, 1, 2]);
  for (const value of variance.dataSync()) expect(value).toSatisfy((one: number) => one > 0.5 && one < 2);
  expect(logDet.dataSync()[0]).toSatisfy(Number.isFinite);
  const back = layer.inverse(y, weights).dataSync();
  for (let row = 0; row < 40; row++) expect(back[row * 3 + 2]).toBeCloseTo(5, 2);
});

it('stays finite where nothing at all changes', () => {
  const layer = normalise('n', [1, 1, 2]);
  const weights = randomWeights(layer.parameters);
  const { y, logDet } = layer.forward(tf.fill([8, 1, 1, 2], 3), pass(weights, { training: true }));
  expect(layer.constants(weights).dataSync()[0]).toBe(2);
  expect([...y.dataSync(), ...logDet.dataSync()].every(Number.isFinite)).toBe(true);
});
