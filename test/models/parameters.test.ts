import { describe, expect, it } from 'vitest';
import { countParameters, initialValues } from '../../src-main/models/parameters.ts';
import type { ParameterSpec } from '../../src-main/models/parameters.ts';

const kernel: ParameterSpec = {
  name: 'encoder.conv0.kernel',
  shape: [3, 3, 16, 64],
  trainable: true,
  initialiser: { kind: 'glorot-uniform', fanIn: 144, fanOut: 576 },
};

describe('initialValues', () => {
  it('is uniform within the Glorot limit', () => {
    const values = initialValues(kernel, 1);
    const limit = Math.sqrt(6 / 720);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.max(...values)).toBeLessThan(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-limit);
    expect(Math.abs(mean)).toBeLessThan(0.02 * limit);
    expect(variance).toBeCloseTo((limit * limit) / 3, 4);
  });

  it('is the same for the same seed and name, and another for another of either', () => {
    expect(initialValues(kernel, 1)).toEqual(initialValues(kernel, 1));
    expect(initialValues(kernel, 2)).not.toEqual(initialValues(kernel, 1));
    expect(initialValues({ ...kernel, name: 'encoder.conv1.kernel' }, 1)).not.toEqual(
      initialValues(kernel, 1),
    );
  });

  it('stays the same from version to version, so that a seed in a paper keeps its meaning', () => {
    const values = initialValues(kernel, 1);
    expect([...values.slice(0, 3)]).toMatchInlineSnapshot(`
      [
        0.04697691649198532,
        -0.038070954382419586,
        -0.08490189909934998,
      ]
    `);
  });

  it('fills ones and zeros', () => {
    const spec = { ...kernel, shape: [2] };
    expect([...initialValues({ ...spec, initialiser: { kind: 'ones' } }, 0)]).toEqual([1, 1]);
    expect([...initialValues({ ...spec, initialiser: { kind: 'zeros' } }, 0)]).toEqual([0, 0]);
  });
});

describe('countParameters', () => {
  it('adds up by layer, learned and kept apart', () => {
    const counts = countParameters([
      kernel,
      { ...kernel, name: 'encoder.conv0.bias', shape: [64] },
      { ...kernel, name: 'encoder.norm0.movingMean', shape: [64], trainable: false },
    ]);
    expect(counts).toEqual({
      trainable: 9216 + 64,
      nonTrainable: 64,
      total: 9216 + 128,
      layers: [
        { layer: 'encoder.conv0', trainable: 9280, nonTrainable: 0, total: 9280 },
        { layer: 'encoder.norm0', trainable: 0, nonTrainable: 64, total: 64 },
      ],
    });
  });
});
