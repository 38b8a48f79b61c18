import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {
  likelihoods,
  negativeLogLikelihood,
  type Likelihood,
} from '../../../src-main/models/parts/likelihoods.ts';
import { leakedTensors, useCpu } from '../cpu.ts';

beforeAll(useCpu);

const rangeDb = 80;

function nll(likelihood: Likelihood, x: number[], expected: number[], scale: number): number {
  return tf.tidy(() => {
    const logScale = tf.scalar(Math.log(scale));
    const given = { likelihood, logScale, rangeDb };
    return negativeLogLikelihood(tf.tensor2d([x]), tf.tensor2d([expected]), given).dataSync()[0] as number;
  });
}

describe('negativeLogLikelihood', () => {
  it.each(likelihoods)('of %s is that of a density: it adds up to 1 over all levels', (likelihood) => {
    const [expected, width] = [0.6, 5e-4];
    const levels = Array.from({ length: 8000 }, (_, at) => -1.4 + at * width);
    const sum = tf.tidy(() => {
      const x = tf.tensor2d(levels, [levels.length, 1]);
      const given = { likelihood, logScale: tf.scalar(Math.log(0.07)), rangeDb };
      const values = negativeLogLikelihood(x, tf.fill([levels.length, 1], expected), given);
      return tf.sum(tf.exp(tf.neg(values))).dataSync()[0] as number;
    });
    expect(sum * width).toBeCloseTo(1, 2);
  });

  it('adds up over a clip', () => {
    for (const likelihood of likelihoods) {
      const alone = nll(likelihood, [0.2], [0.3], 0.1) + nll(likelihood, [0.9], [0.5], 0.1);
      expect(nll(likelihood, [0.2, 0.9], [0.3, 0.5], 0.1)).toBeCloseTo(alone, 3);
    }
  });

  it('of a Gaussian and of Laplace is the formula of each', () => {
    const [error, scale] = [0.12, 0.05];
    expect(nll('gaussian', [0.5 + error], [0.5], scale)).toBeCloseTo(
      error ** 2 / (2 * scale ** 2) + Math.log(scale * Math.sqrt(2 * Math.PI)),
      4,
    );
    expect(nll('laplace', [0.5 + error], [0.5], scale)).toBeCloseTo(error / scale + Math.log(2 * scale), 4);
  });

  it('of Itakura-Saito is least at the level itself, dearer where it is given too low, and has no scale', () => {
    const at = (error: number, scale = 0.1): number => nll('itakura-saito', [0.5 + error], [0.5], scale);
    const ratio = 10 ** (0.05 * (rangeDb / 10));
    expect(at(0.05) - at(0)).toBeCloseTo(ratio - Math.log(ratio) - 1, 3);
    expect(at(0.05)).toBeGreaterThan(at(-0.05));
    expect(at(-0.05)).toBeGreaterThan(at(0));
    expect(at(0.05, 1)).toBe(at(0.05));
  });

  it('stays finite for silence and for the loudest clip given as silence', () => {
    for (const likelihood of likelihoods) {
      expect(nll(likelihood, [0, 0], [0, 0], 0.1)).toSatisfy(Number.isFinite);
      expect(nll(likelihood, [1, 1], [0, 0], 0.1)).toSatisfy(Number.isFinite);
    }
  });

  it('leaks nothing', () => {
    expect(leakedTensors(() => void nll('laplace', [0.1], [0.2], 0.1))).toBe(0);
  });
});
