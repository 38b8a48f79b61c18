import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {
  klToStandardNormal,
  klWithFreeBits,
  maskedMean,
  reparameterise,
} from '../../../src-main/models/parts/distributions.ts';
import { leakedTensors, useCpu } from '../cpu.ts';

beforeAll(useCpu);

const klOf = (mean: number, logVar: number): number =>
  tf.tidy(() => klToStandardNormal(tf.tensor2d([[mean]]), tf.tensor2d([[logVar]])).dataSync()[0] as number);

describe('klToStandardNormal', () => {
  it('is exactly 0 for the prior itself', () => {
    expect(klOf(0, 0)).toBe(0);
  });

  it('is never negative but for rounding, and grows with the distance of the mean', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: -6, max: 3, noNaN: true }),
        (mean, logVar) => {
          expect(klOf(mean, logVar)).toBeGreaterThanOrEqual(-1e-6);
          expect(klOf(Math.abs(mean) + 0.5, logVar)).toBeGreaterThan(klOf(mean, logVar));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('agrees with the integral of q log(q / p)', () => {
    const [mean, logVar] = [0.7, -1.2];
    const deviation = Math.exp(logVar / 2);
    let integral = 0;
    const width = 1e-3;
    for (let z = mean - 12 * deviation; z < mean + 12 * deviation; z += width) {
      const logQ = -0.5 * (((z - mean) / deviation) ** 2 + logVar + Math.log(2 * Math.PI));
      const logP = -0.5 * (z * z + Math.log(2 * Math.PI));
      integral += Math.exp(logQ) * (logQ - logP) * width;
    }
    expect(klOf(mean, logVar)).toBeCloseTo(integral, 4);
  });
});

describe('reparameterise', () => {
  it('is mean + exp(logVar / 2) eps, with the gradients of that formula', () => {
    const [mean, logVar, eps] = [0.3, Math.log(4), -1.5].map((value) => tf.tensor2d([[value]]));
    const [meanGradient, logVarGradient] = tf.grads((m, l) =>
      reparameterise(m as tf.Tensor2D, l as tf.Tensor2D, eps as tf.Tensor2D),
    )([mean as tf.Tensor2D, logVar as tf.Tensor2D]);
    const z = reparameterise(mean as tf.Tensor2D, logVar as tf.Tensor2D, eps as tf.Tensor2D);
    expect(z.dataSync()[0]).toBeCloseTo(0.3 - 2 * 1.5, 5);
    expect(meanGradient?.dataSync()[0]).toBe(1);
    expect(logVarGradient?.dataSync()[0]).toBeCloseTo(0.5 * 2 * -1.5, 5);
  });
});

describe('klWithFreeBits', () => {
  const kl = (): tf.Tensor2D =>
    tf.tensor2d([
      [1, 0.1, 0],
      [3, 0.3, 0],
      [100, 100, 100],
    ]);
  const mask = (): tf.Tensor1D => tf.tensor1d([1, 1, 0]);

  it('reports the mean over real clips of the sum over dimensions', () => {
    const result = tf.tidy(() => klWithFreeBits(kl(), mask(), tf.scalar(0)).kl.dataSync()[0]);
    expect(result).toBeCloseTo(2 + 0.2, 6);
  });

  it('charges the same without free bits, and at least the floor for each dimension with them', () => {
    const charge = (freeBits: number): number =>
      tf.tidy(() => klWithFreeBits(kl(), mask(), tf.scalar(freeBits)).charged.dataSync()[0] as number);
    expect(charge(0)).toBeCloseTo(2.2, 6);
    expect(charge(0.5)).toBeCloseTo(2 + 0.5 + 0.5, 6);
  });

  it('gives a dimension below the floor no gradient', () => {
    const gradient = tf.grad((x) => klWithFreeBits(x as tf.Tensor2D, mask(), tf.scalar(0.5)).charged)(kl());
    expect([...gradient.dataSync()]).toEqual([0.5, 0, 0, 0.5, 0, 0, 0, 0, 0]);
  });

  it('leaks nothing', () => {
    expect(
      leakedTensors(() =>
        tf.tidy(() => void klWithFreeBits(kl(), mask(), tf.scalar(0.5)).charged.dataSync()),
      ),
    ).toBe(0);
  });
});

describe('maskedMean', () => {
  it('leaves out what the mask leaves out', () => {
    const mean = tf.tidy(() => maskedMean(tf.tensor1d([1, 5, 1000]), tf.tensor1d([1, 1, 0])).dataSync());
    expect(mean[0]).toBe(3);
  });
});
