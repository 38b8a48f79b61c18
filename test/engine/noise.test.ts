import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { javascriptNoise, tensorFlowNoise } from '../../src-main/engine/noise.ts';
import { philoxNormal, philoxUniform } from '../../src-main/engine/philox-noise.ts';
import { openTensorFlow } from '../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('keyed noise', () => {
  it.skipIf(!tensorflow)('is the same from TensorFlow and from JavaScript', () => {
    fc.assert(
      fc.property(int32, int32, fc.integer({ min: 1, max: 999 }), (seed, step, count) => {
        tf.tidy(() => {
          const native = tensorFlowNoise(tensorflow!, tf.scalar(seed, 'int32'), tf.scalar(step, 'int32'));
          const ours = javascriptNoise({ seed, step });
          const difference = (kind: 'normal' | 'uniform'): number => {
            const change = tf.abs(tf.sub(native[kind](kind, [count]), ours[kind](kind, [count])));
            return tf.max(change).dataSync()[0] as number;
          };
          expect(difference('uniform')).toBe(0);
          expect(difference('normal')).toBeLessThan(2e-5);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('differs by site, step and seed, and repeats for the same key', () => {
    const draw = (seed: number, step: number, site: string): number[] =>
      Array.from(tf.tidy(() => javascriptNoise({ seed, step }).normal(site, [8]).dataSync()));
    expect(draw(1, 2, 'z')).toEqual(draw(1, 2, 'z'));
    const all = [draw(1, 2, 'z'), draw(1, 2, 'y'), draw(1, 3, 'z'), draw(2, 2, 'z')].map(String);
    expect(new Set(all).size).toBe(4);
  });

  it('is standard normal and uniform', () => {
    const normal = new Float32Array(200_000);
    philoxNormal([3, 4], normal);
    const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
    const variance = normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normal.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.015);
    const uniform = new Float32Array(200_000);
    philoxUniform([3, 4], uniform);
    expect(Math.min(...uniform.subarray(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform.subarray(0, 50_000))).toBeLessThan(1);
    const uniformMean = uniform.reduce((sum, value) => sum + value, 0) / uniform.length;
    expect(Math.abs(uniformMean - 0.5)).toBeLessThan(0.005);
  });
});
