import { describe, expect, it } from 'vitest';
import { formFields, tryOverrides } from '../../src-main/models/form.ts';
import { stepMemoryBytes } from '../../src-main/models/memory.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { loadPresets, presetById } from '../../src-main/models/presets.ts';
import { refusal } from '../helpers/refusal.ts';

const preset = presetById('fsdd-vae-compact');
const fieldsOf = (overrides: Record<string, string> = {}) => {
  const tried = tryOverrides(preset, overrides);
  const fields = formFields(preset, tried, overrides);
  return { ...tried, fields, field: (setting: string) => fields.find((one) => one.setting === setting) };
};

describe('fields of a form', () => {
  it('have a title and help, and values that train --set takes back, in every preset', () => {
    for (const each of loadPresets()) {
      const tried = tryOverrides(each, {});
      const fields = formFields(each, tried, {});
      for (const { setting, title, help } of fields) {
        expect(title, setting).not.toBe(setting.split('.')[1]);
        expect(help, setting).toMatch(/\w{3}.*[.)]$/);
      }
      const overrides = Object.fromEntries(fields.map(({ setting, value }) => [setting, value]));
      expect(resolveConfig({ preset: each.id, overrides }).differences).toEqual([]);
    }
  });

  it('are numbers with their bounds, choices, switches and lists', () => {
    const { field } = fieldsOf();
    expect(field('training.epochs')).toMatchObject({ kind: 'integer', minimum: 1, maximum: 100_000 });
    expect(field('training.learningRate')).toMatchObject({ kind: 'number', minimum: 0, maximum: 1 });
    expect(field('training.learningRate')?.allowed).toBe('above 0 to 1');
    expect(field('training.clipNorm')).toMatchObject({ minimum: 0, maximum: null });
    expect(field('training.schedule')).toMatchObject({
      kind: 'choice',
      choices: ['constant', 'cosine', 'step'],
    });
    expect(field('model.batchNorm')?.kind).toBe('boolean');
    expect(field('model.filters')).toMatchObject({ kind: 'numbers', minimum: 1, maximum: 4096 });
    expect(field('model.strides')).toMatchObject({ kind: 'numbers', minimum: 1, maximum: 64 });
    expect(field('features.kind')).toBeUndefined();
  });

  it('weigh a KL term only where the loss has one', () => {
    const names = (id: string) =>
      formFields(presetById(id), tryOverrides(presetById(id), {}), {}).map(({ setting }) => setting);
    const weights = ['training.beta', 'training.betaWarmupEpochs', 'training.freeBits'];
    expect(names('gm-vae-compact')).toEqual(expect.arrayContaining(weights));
    for (const without of ['rvq-vae-coarse', 'realnvp', 'code-prior']) {
      expect(names(without)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/beta$|Warmup|free/)]),
      );
      expect(names(without)).toContain('training.learningRate');
      expect(refusal(() => resolveConfig({ preset: without, overrides: { beta: '2' } }))).toMatchObject({
        code: 'models/setting-unknown',
      });
    }
  });

  it('show what the paper has, and put the seldom ones behind "more"', () => {
    const { field } = fieldsOf();
    expect(field('training.epochs')?.deviation).toMatchObject({ paper: '200', ours: '60' });
    expect(field('model.latentDim')?.deviation).toBeNull();
    expect(field('training.adamBeta1')?.advanced).toBe(true);
    expect(field('training.learningRate')?.advanced).toBe(false);
  });

  it('say which values follow from others', () => {
    const { field } = fieldsOf({ filters: '32,64' });
    expect(field('model.filters')).toMatchObject({ value: '32,64', derived: false });
    expect(field('model.kernels')).toMatchObject({ value: '3,3', preset: '3,3,3,3,3', derived: true });
  });
});

describe('refused settings', () => {
  it('are told one by one, and hide nothing of the rest', () => {
    const { config, problems, field } = fieldsOf({
      epochs: '0',
      latentDim: '16',
      'model.filtres': '3',
      beta: 'much',
    });
    expect(problems.map(({ setting }) => setting).toSorted()).toEqual([
      'model.filtres',
      'training.beta',
      'training.epochs',
    ]);
    expect(problems.every(({ message, remedy }) => message !== '' && remedy !== '')).toBe(true);
    expect(config.model.latentDim).toBe(16);
    expect(config.training.epochs).toBe(60);
    expect(field('training.epochs')).toMatchObject({ value: '0', preset: '60' });
    expect(field('model.latentDim')?.value).toBe('16');
  });

  it('are not those that only fit together, in whatever order they come', () => {
    for (const overrides of [
      { nFft: '256', hopLength: '128', epochs: '-1' },
      { hopLength: '128', epochs: '-1', nFft: '256' },
    ]) {
      const { config, problems } = fieldsOf(overrides);
      expect(problems.map(({ setting }) => setting)).toEqual(['training.epochs']);
      expect(config.features).toMatchObject({ nFft: 256, hopLength: 128 });
    }
  });

  it('name what they do not fit with', () => {
    const { problems } = fieldsOf({ nFft: '256' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ setting: 'features.nFft' });
    expect(problems[0]?.message).toMatch(/hopLength is 256/);
  });

  it('that were typed under both of their names keep the first', () => {
    const { config, problems } = fieldsOf({ epochs: '5', 'training.epochs': '6' });
    expect(config.training.epochs).toBe(5);
    expect(problems).toHaveLength(1);
  });
});

describe('memory of a step', () => {
  const bytes = (overrides: Record<string, string>) =>
    stepMemoryBytes(resolveConfig({ preset: 'fsdd-vae-compact', overrides }));

  it('grows with the batch, the clip and the net', () => {
    const base = bytes({});
    expect(bytes({ batchSize: '128' })).toBeGreaterThan(1.9 * base);
    expect(bytes({ durationSec: '1.48' })).toBeGreaterThan(1.8 * base);
    expect(bytes({ filters: '64,64,64,64,64' })).toBeGreaterThan(1.5 * base);
    expect(bytes({ batchNorm: 'false' })).toBeLessThan(base);
  });

  it('counts a net by hand', () => {
    // 1 filter of 1 x 1 on 16 bins by 5 frames, a code of 1, batch 1, no norm.
    const overrides = {
      ...{ filters: '1', kernels: '1', strides: '1', latentDim: '1', batchSize: '1', batchNorm: 'false' },
      ...{ nFft: '32', hopLength: '16', sampleRateHz: '1000', durationSec: '0.064' },
    };
    const parameters = 2 + 2 * (80 + 1) + (80 + 80) + 2 + 2;
    const kept = 80 + 2 * 80 + 3 + 80 + 2 * 80 + 3 * 80;
    expect(bytes(overrides)).toBe(4 * (4 * parameters + kept + 2 * 80));
  });
});
