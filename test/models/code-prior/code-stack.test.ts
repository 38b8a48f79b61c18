import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../../../src-main/engine/adam.ts';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { codeStack } from '../../../src-main/models/code-prior/code-stack.ts';
import { registerParameters } from '../../../src-main/models/parameters.ts';
import { leakedTensors, testNoise, useCpu } from '../cpu.ts';
import { furthest } from '../flow/flow-helpers.ts';

beforeAll(useCpu);

const code = { grid: [2, 3], stages: 2, codebookSize: 5, channels: 4 };
const shape = { width: 8, heads: 2, layers: 2 };
const stack = codeStack(code, shape);

function weightsOf(seed = 0): { state: StateRegistry; weights: ReturnType<typeof registerParameters> } {
  const state = new StateRegistry();
  return { state, weights: registerParameters(stack.parameters, state, seed) };
}

const someIndices = (count: number, seed = 2): tf.Tensor3D =>
  tf.cast(tf.floor(tf.mul(testNoise(seed).uniform('indices', [count, 6, 2]), 5)), 'int32') as tf.Tensor3D;

/** `indices` with the one at (position, stage) turned to another. */
function changed(indices: tf.Tensor3D, position: number, stage: number): tf.Tensor3D {
  const values = Int32Array.from(indices.dataSync());
  const at = position * 2 + stage;
  values[at] = (values[at]! + 1) % 5;
  return tf.tensor3d(values, [1, 6, 2], 'int32');
}

describe('the prior of a stack of codes', () => {
  it('begins near the bits of a fair choice', () => {
    const nats = stack.nats(someIndices(20), weightsOf().weights, null);
    expect(nats.shape).toEqual([20, 6, 2]);
    expect(tf.mean(nats).dataSync()[0]).toBeCloseTo(Math.log(5), 0);
  });

  it('never looks ahead: an index changes its own probability and those after it alone', () => {
    const { weights } = weightsOf();
    const indices = someIndices(1);
    const before = stack.nats(indices, weights, null).dataSync();
    for (const [position, stage] of [
      [0, 0],
      [2, 0],
      [2, 1],
      [5, 1],
    ] as const) {
      const after = stack.nats(changed(indices, position, stage), weights, null).dataSync();
      const at = position * 2 + stage;
      for (let index = 0; index < at; index++) expect(after[index]).toBe(before[index]);
      expect(after[at]).not.toBe(before[at]);
      const later = [...after.slice(at + 1)].some((value, index) => value !== before[at + 1 + index]);
      expect(later).toBe(at < 11);
    }
  });

  it('draws position by position what it says of all at once', () => {
    const { weights } = weightsOf(4);
    const cold = tf.scalar(0);
    let indices = tf.zeros([2, 6, 2], 'int32') as tf.Tensor3D;
    let cache = tf.zeros([2, ...stack.cacheShape]) as tf.Tensor4D;
    for (let at = 0; at < stack.positions; at++) {
      const next = stack.draw(
        { indices, cache, at: tf.scalar(at), temperature: cold },
        testNoise(at),
        weights,
      );
      ({ indices, cache } = next);
    }
    // At temperature 0 each index is the likeliest one given those before: any other one costs more, in the pass over the whole.
    const nats = stack.nats(indices, weights, null);
    const values = indices.dataSync();
    for (let at = 0; at < 12; at++) {
      for (let other = 0; other < 5; other++) {
        const tried = Int32Array.from(values);
        tried[at] = other;
        const cost = stack.nats(tf.tensor3d(tried, [2, 6, 2], 'int32'), weights, null).dataSync()[
          at
        ] as number;
        expect(cost).toBeGreaterThanOrEqual((nats.dataSync()[at] as number) - 1e-5);
      }
    }
    expect(furthest(tf.slice(indices, [0, 0, 0], [1, 6, 2]), tf.slice(indices, [1, 0, 0], [1, 6, 2]))).toBe(
      0,
    );
  });

  it('learns a rule, and then draws by it', () => {
    const { state, weights } = weightsOf();
    const adam = new Adam(state);
    // Each first stage counts on from the one before; the second repeats the first.
    const ruled = (count: number, from: (clip: number) => number): tf.Tensor3D =>
      tf.tensor3d(
        Int32Array.from(
          { length: count * 12 },
          (_, at) => (from(Math.floor(at / 12)) + (Math.floor(at / 2) % 6)) % 5,
        ),
        [count, 6, 2],
        'int32',
      );
    const batch = ruled(10, (clip) => clip % 5);
    const loss = (): { total: tf.Scalar } => ({
      total: tf.mean(stack.nats(batch, weights, null)) as tf.Scalar,
    });
    for (let step = 0; step < 80; step++) {
      tf.tidy(() => void adam.minimise(loss, { learningRate: tf.scalar(0.02), clipNorm: null }));
    }
    // All that is not certain is where it begins: log 5 nats in twelve indices.
    expect(loss().total.dataSync()[0]).toBeLessThan(1.1 * (Math.log(5) / 12));
    let indices = tf.zeros([6, 6, 2], 'int32') as tf.Tensor3D;
    let cache = tf.zeros([6, ...stack.cacheShape]) as tf.Tensor4D;
    for (let at = 0; at < 6; at++) {
      const next = stack.draw(
        { indices, cache, at: tf.scalar(at), temperature: tf.scalar(1) },
        testNoise(20 + at),
        weights,
      );
      ({ indices, cache } = next);
    }
    const first = tf.slice(indices, [0, 0, 0], [6, 1, 1]).dataSync();
    const expected = ruled(6, (clip) => first[clip] as number);
    const right = tf.mean(tf.cast(tf.equal(indices, expected), 'float32')).dataSync()[0] as number;
    expect(right).toBeGreaterThan(0.9);
    expect(new Set(first).size).toBeGreaterThan(1);
  });

  it('learns what its labels mean, draws what it is asked for, and whatever it likes where it is asked for nothing', () => {
    const told = codeStack(code, shape, 2);
    const state = new StateRegistry();
    const weights = registerParameters(told.parameters, state, 0);
    const adam = new Adam(state);
    // Clips of the first label are all 1, of the second all 3; of each there is one whose label is not told.
    const batch = tf.tensor3d(
      Int32Array.from({ length: 4 * 12 }, (_, at) => (at < 2 * 12 ? 1 : 3)),
      [4, 6, 2],
      'int32',
    );
    const label = tf.tensor2d([1, 0, 2, 0], [4, 1], 'int32');
    const loss = (): { total: tf.Scalar } => ({
      total: tf.mean(told.nats(batch, weights, null, label)) as tf.Scalar,
    });
    for (let step = 0; step < 60; step++) {
      tf.tidy(() => void adam.minimise(loss, { learningRate: tf.scalar(0.02), clipNorm: null }));
    }
    const asked = [1, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0];
    let indices = tf.zeros([asked.length, 6, 2], 'int32') as tf.Tensor3D;
    let cache = tf.zeros([asked.length, ...told.cacheShape]) as tf.Tensor4D;
    const wanted = tf.tensor2d(asked, [asked.length, 1], 'int32');
    for (let at = 0; at < 6; at++) {
      const given = { indices, label: wanted, cache, at: tf.scalar(at), temperature: tf.scalar(1) };
      ({ indices, cache } = told.draw(given, testNoise(40 + at), weights));
    }
    const drawn = [...tf.slice(indices, [0, 0, 0], [asked.length, 1, 1]).dataSync()];
    expect(drawn.slice(0, 4)).toEqual([1, 3, 1, 3]);
    expect(new Set(drawn.slice(4))).toEqual(new Set([1, 3]));
    expect(() => told.nats(batch, weights, null)).toThrow(/was given none/);
  });

  it('leaks no tensor', () => {
    const { weights } = weightsOf();
    const indices = someIndices(2);
    const cache = tf.zeros([2, ...stack.cacheShape]) as tf.Tensor4D;
    const leaked = leakedTensors(() =>
      tf.tidy(() => {
        stack.nats(indices, weights, { rate: 0.1, noise: testNoise() });
        stack.draw({ indices, cache, at: tf.scalar(1), temperature: tf.scalar(1) }, testNoise(), weights);
      }),
    );
    expect(leaked).toBe(0);
  });
});
