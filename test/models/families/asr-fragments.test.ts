import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { cosines } from '../../../src-main/models/parts/cosines.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { familyById } from '../../../src-main/models/registry.ts';
import '../cpu.ts';

const [bins, frames, fragments] = [16, 4, 2];

function build(overrides: Record<string, string>, state = new StateRegistry()) {
  const { family, model, features } = resolveConfig({
    preset: 'asr-fragments-placed',
    overrides: {
      ...{ filters: '2,2', kernel: '3', nFft: String(2 * bins), hopLength: '4' },
      ...{ fragmentFrames: String(frames), fragments: String(fragments), ...overrides },
    },
  });
  return familyById(family).build({ config: model, features, state, seed: 3 });
}

/** Levels of a window, `[1, bins, frames of it]`. */
const window = tf.tensor3d(
  Float32Array.from({ length: bins * frames * fragments }, (_, at) => 0.3 + 0.2 * Math.sin(at / 5)),
  [1, bins, frames * fragments],
);

describe('the straight path of a fragment VAE', () => {
  it('begins as a cepstrum: what comes back is the first cosines of each fragment', () => {
    const latentDim = 5;
    const model = build({ latentDim: String(latentDim) });
    const given = window.arraySync()[0]!;
    const made = (model.reconstruct!(window) as tf.Tensor3D).arraySync()[0]!;
    const basis = cosines(latentDim, bins);
    for (let fragment = 0; fragment < fragments; fragment++) {
      const mean = given.map(
        (row) => row.slice(frames * fragment, frames * (fragment + 1)).reduce((a, b) => a + b) / frames,
      );
      const coefficients = Array.from({ length: latentDim }, (_, order) =>
        mean.reduce((sum, level, bin) => sum + (level - 0.5) * basis[order * bins + bin]!, 0),
      );
      for (let bin = 0; bin < bins; bin++) {
        const expected = coefficients.reduce(
          (sum, one, order) => sum + one * basis[order * bins + bin]!,
          0.5,
        );
        for (let frame = 0; frame < frames; frame++)
          expect(made[bin]![frames * fragment + frame]).toBeCloseTo(expected, 4);
      }
    }
  });

  it('tells all numbers apart, where there are more of them than bins too', () => {
    const latentDim = 3 * bins;
    const model = build({ latentDim: String(latentDim) });
    const { mean } = model.encode!(window);
    expect((mean.arraySync() as number[][])[0]!.every(Number.isFinite)).toBe(true);
    const unit = tf.reshape(tf.eye(latentDim), [latentDim, latentDim]);
    const zeros = tf.zeros([latentDim, latentDim]);
    const pictures = tf.slice(
      tf.reshape(model.decode!(tf.concat([unit, zeros], 1) as tf.Tensor2D), [
        latentDim,
        bins,
        fragments * frames,
      ]),
      [0, 0, 0],
      [-1, -1, frames],
    );
    const rows = tf.reshape(tf.sub(pictures, 0.5), [latentDim, -1]).arraySync() as number[][];
    expect(new Set(rows.map((row) => row.map((value) => value.toFixed(4)).join())).size).toBe(latentDim);
  });

  it('gives levels in 0..1 of any code, as a sigmoid does without it', () => {
    const far = tf.fill([2, fragments * 13], 40) as tf.Tensor2D;
    for (const straightPath of ['true', 'false']) {
      const levels = build({ straightPath }).decode!(far).dataSync();
      expect(Math.min(...levels)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...levels)).toBeLessThanOrEqual(1);
    }
  });

  it('keeps no layer still behind the kernels that begin at zero', () => {
    const state = new StateRegistry();
    const model = build({}, state);
    const scalars = { beta: tf.scalar(1), freeBits: tf.scalar(0) };
    const mask = tf.ones([1]) as tf.Tensor1D;
    const loss = () => model.loss({ x: window, mask, scalars, training: true, noise: null }).total;
    const before = state.trainable().map(({ variable }) => variable.dataSync().slice());
    const adam = tf.train.adam(0.001);
    const losses = Array.from({ length: 10 }, () => Number(adam.minimize(loss, true)?.dataSync()[0]));
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? NaN);
    for (const [at, { name, variable }] of state.trainable().entries()) {
      expect([name, variable.dataSync().some((value, place) => value !== before[at]![place])]).toEqual([
        name,
        true,
      ]);
    }
  });
});
