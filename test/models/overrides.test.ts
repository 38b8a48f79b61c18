import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src-main/models/config.ts';
import { formatSetting, resolveConfig } from '../../src-main/models/overrides.ts';
import type { ResolvedConfig } from '../../src-main/models/config.ts';
import { refusal } from '../helpers/refusal.ts';

const resolve = (overrides: Record<string, string>): ResolvedConfig =>
  resolveConfig({ preset: 'fsdd-vae-compact', overrides });
const refused = (overrides: Record<string, string>) => refusal(() => resolve(overrides));

describe('resolveConfig', () => {
  it('is the preset itself without overrides', () => {
    const config = resolve({});
    expect(config).toMatchObject({ preset: 'fsdd-vae-compact', family: 'conv-vae', differences: [] });
  });

  it('finds which section a key belongs to, with or without its prefix', () => {
    const config = resolve({ latentDim: '16', 'training.beta': '0', hopLength: '128' });
    expect(config.model.latentDim).toBe(16);
    expect(config.training.beta).toBe(0);
    expect(config.features.hopLength).toBe(128);
    expect(config.differences).toEqual([
      { setting: 'model.latentDim', preset: 128, chosen: 16, derived: false },
      { setting: 'training.beta', preset: 1, chosen: 0, derived: false },
      { setting: 'features.hopLength', preset: 256, chosen: 128, derived: false },
    ]);
  });

  it('reads numbers, booleans, words, lists and pairs', () => {
    const config = resolve({
      filters: '32,64',
      strides: '2,2x1',
      kernels: '[5, 3]',
      batchNorm: 'false',
      learningRate: '1e-4',
      schedule: 'step',
    });
    expect(config.model).toMatchObject({
      filters: [32, 64],
      strides: [2, [2, 1]],
      kernels: [5, 3],
      batchNorm: false,
    });
    expect(config.training).toMatchObject({ learningRate: 1e-4, schedule: 'step' });
  });

  it('takes a lone number as a list of one where a list is wanted', () => {
    const { model } = resolve({ filters: '32', strides: '2x1', kernels: '3' });
    expect(model).toMatchObject({ filters: [32], strides: [[2, 1]], kernels: [3] });
  });

  it('cuts kernels and strides to fewer filters, and says that it did', () => {
    const config = resolve({ filters: '32,64' });
    expect(config.model).toMatchObject({ kernels: [3, 3], strides: [2, 2] });
    expect(config.differences.filter(({ derived }) => derived).map(({ setting }) => setting)).toEqual([
      'model.kernels',
      'model.strides',
    ]);
  });

  it('adds layers of stride 1 for more filters', () => {
    const { model } = resolve({ filters: '8,8,8,8,8,8,8' });
    expect(model).toMatchObject({ kernels: [3, 3, 3, 3, 3, 3, 3], strides: [2, 2, 2, 2, [2, 1], 1, 1] });
  });

  it('leaves what is given beside filters alone, and refuses it where it does not fit', () => {
    expect(refused({ filters: '32,64', strides: '2' })).toMatchObject({
      code: 'models/config-invalid',
      message: expect.stringMatching(/model\.strides: has 1 entries, but filters has 2/),
    });
  });

  it('does not list an override that changes nothing', () => {
    expect(resolve({ latentDim: '128' }).differences).toEqual([]);
  });

  it('refuses a misspelt key, with the nearest one', () => {
    expect(refused({ filtres: '3' })).toMatchObject({
      code: 'models/setting-unknown',
      message: expect.stringContaining('"filtres"'),
      remedy: expect.stringContaining('Did you mean filters? '),
    });
    expect(refused({ 'model.beta': '1' })).toMatchObject({
      code: 'models/setting-unknown',
      remedy: expect.stringContaining('Did you mean training.beta? '),
    });
    for (const key of ['__proto__', 'constructor', '']) {
      expect(refused({ [key]: '1' })).toMatchObject({ code: 'models/setting-unknown' });
    }
  });

  it('refuses one setting given twice', () => {
    expect(refused({ beta: '1', 'training.beta': '2' })).toMatchObject({ code: 'models/setting-ambiguous' });
  });

  it.each([
    { beta: '-1' },
    { beta: 'NaN' },
    { beta: '' },
    { beta: '1,2' },
    { epochs: '1.5' },
    { epochs: '0' },
    { filters: '32,x' },
    { filters: '0' },
    { strides: '2,2,2,2,2x' },
    { batchNorm: 'yes' },
    { schedule: 'cosin' },
    { sampleRateHz: '0' },
    { seed: '-1' },
    { learningRate: 'Infinity' },
  ])('refuses %j by name, with an example that is accepted', (overrides) => {
    const [key, value] = Object.entries(overrides)[0] as [string, string];
    const error = refused(overrides);
    expect(error).toMatchObject({ code: 'models/setting-invalid' });
    expect(error.message).toContain(`${key}=${value}`);
    expect(() => resolve({ [key]: String(error.params.example) })).not.toThrow();
  });
});

describe('formatSetting', () => {
  it('writes what resolveConfig reads', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 9 }),
      fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
    );
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 5 }), (strides) => {
        const filters = strides.map(() => 8).join(',');
        const kernels = strides.map(() => 3).join(',');
        expect(resolve({ filters, kernels, strides: formatSetting(strides) }).model.strides).toEqual(strides);
      }),
      { numRuns: 30 },
    );
  });
});

describe('parseConfig', () => {
  it('reads back what was stored as JSON', () => {
    const config = resolve({ filters: '8,8' });
    expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it('refuses what no longer fits, by name', () => {
    const config = resolve({});
    expect(() => parseConfig({ ...config, training: { ...config.training, epochs: -1 } })).toThrow(
      /training\.epochs/,
    );
    expect(() => parseConfig({ ...config, model: { ...config.model, filtres: 1 } })).toThrow(/filtres/);
    expect(() => parseConfig({ ...config, family: 'nothing' })).toThrow(/nothing/);
    expect(() => parseConfig(null)).toThrow(expect.objectContaining({ code: 'models/config-invalid' }));
  });
});
