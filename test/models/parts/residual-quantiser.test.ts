import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { registerParameters } from '../../../src-main/models/parameters.ts';
import {
  codeIndices,
  perplexity,
  quantise,
  quantiserParameters,
  type QuantiserSettings,
  quantiseTraining,
  vectorsOf,
} from '../../../src-main/models/parts/residual-quantiser.ts';
import { randomClips, testNoise, useCpu } from '../cpu.ts';

beforeAll(useCpu);

const settings: QuantiserSettings = {
  ...{ stages: 3, codebookSize: 8, channels: 4, gamma: 0.9 },
  ...{ initialisation: 'k-means', reviveBelow: 0.03, dropout: 0 },
};

function built(changes: Partial<QuantiserSettings> = {}) {
  const all = { ...settings, ...changes };
  const variables = registerParameters(quantiserParameters(all), new StateRegistry(), 1);
  return { all, variables };
}

const vectors = (rows: number, seed = 1): tf.Tensor2D => randomClips(rows, [4], seed) as tf.Tensor2D;
const error = (a: tf.Tensor, b: tf.Tensor): number => tf.mean(tf.square(tf.sub(a, b))).dataSync()[0] ?? 0;

describe('residual quantisation', () => {
  it('comes nearer with each stage, and its indices give back what it gave', () => {
    const { all, variables } = built();
    const x = vectors(64);
    for (let step = 0; step < 20; step++) quantiseTraining(x, 8, all, variables, testNoise(step));
    const found = quantise(x, tf.ones([64]), all, variables);
    const distances = [...found.commitment.dataSync()];
    expect(distances[1]).toBeLessThan(distances[0] as number);
    expect(distances[2]).toBeLessThan(distances[1] as number);
    const indices = codeIndices(x, all, variables);
    expect(error(vectorsOf(indices, variables), found.vectors)).toBeLessThan(1e-10);
    expect(tf.sum(found.counts).dataSync()[0]).toBe(3 * 64);
  });

  it('passes gradients to the vectors as if it were not there, and none through the choice', () => {
    const { all, variables } = built({ initialisation: 'uniform' });
    const gradient = tf.grad((x) => tf.sum(quantise(x as tf.Tensor2D, tf.ones([6]), all, variables).vectors));
    expect([...gradient(vectors(6)).dataSync()]).toEqual(new Array(24).fill(1));
  });

  it('stands codebooks larger than the batch, silence and equal vectors', () => {
    for (const x of [vectors(3), tf.zeros([3, 4]) as tf.Tensor2D, tf.fill([3, 4], 0.5) as tf.Tensor2D]) {
      const { all, variables } = built();
      for (let step = 0; step < 5; step++) {
        const found = quantiseTraining(x, 3, all, variables, testNoise(step));
        expect([...found.vectors.dataSync(), ...found.commitment.dataSync()].every(Number.isFinite)).toBe(
          true,
        );
      }
      expect(error(quantise(x, tf.ones([3]), all, variables).vectors, x)).toBeLessThan(1e-3);
    }
  });

  it('codes clips that dropout cuts by the first stages alone', () => {
    const { all, variables } = built({ dropout: 1 });
    const x = vectors(400);
    const { counts } = quantiseTraining(x, 100, all, variables, testNoise());
    const [first, , last] = [...tf.sum(counts, 1).dataSync()] as [number, number, number];
    expect(first).toBe(400);
    expect(last).toBeGreaterThan(50);
    expect(last).toBeLessThan(220);
  });

  it('tells a perplexity of one for one code and of all for even use', () => {
    const counts = tf.tensor2d([
      [5, 0, 0, 0],
      [2, 2, 2, 2],
      [0, 0, 0, 0],
    ]);
    const [one, all, none] = [...perplexity(counts).dataSync()];
    expect(one).toBeCloseTo(1, 5);
    expect(all).toBeCloseTo(4, 4);
    expect(none).toBeCloseTo(1, 5);
  });
});
