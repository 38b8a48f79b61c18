import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parameterCount, presetValues, shapeOf } from '../../src-main/models/config.ts';
import { loadPresets, presetById } from '../../src-main/models/presets.ts';
import type { Preset } from '../../src-main/models/family.ts';
import { familyById } from '../../src-main/models/registry.ts';
import { learningRateAt } from '../../src-main/trainer/schedule.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const counts = (id: string): ReturnType<typeof parameterCount> => {
  const preset = presetById(id);
  return parameterCount({ family: preset.family, ...presetValues(preset) });
};
const layerTotal = (id: string, pattern: RegExp): number =>
  counts(id).layers.reduce((sum, { layer, total }) => (pattern.test(layer) ? sum + total : sum), 0);

describe('the presets', () => {
  it('are those of the papers and ours, each valid, with every setting written out', () => {
    const presets = loadPresets();
    expect(presets.map((preset) => preset.id)).toEqual([
      'asr-fragments',
      'asr-fragments-40',
      'asr-fragments-placed',
      'code-prior',
      'dvae-dkf',
      'dvae-dsae',
      'dvae-rvae-causal',
      'dvae-rvae-noncausal',
      'dvae-srnn',
      'dvae-storn',
      'dvae-vae',
      'dvae-vrnn',
      'fsdd-vae',
      'fsdd-vae-8k',
      'fsdd-vae-compact',
      'fsdd-vae-compact-8k',
      'fsdd-vae-pond',
      'fsdd-vae-pond-literal',
      'gm-vae',
      'gm-vae-compact',
      'realnvp',
      'rvq-vae-1',
      'rvq-vae-2',
      'rvq-vae-3',
      'rvq-vae-4',
      'rvq-vae-5',
      'rvq-vae-coarse',
    ]);
    for (const preset of presets) {
      const settings = shapeOf(familyById(preset.family).schema);
      expect(Object.keys(preset.model).sort()).toEqual(Object.keys(settings).sort());
    }
  });

  it('count 2,371,777 numbers for papers/001, part by part', () => {
    for (const id of ['fsdd-vae-pond', 'fsdd-vae-pond-literal']) {
      expect(counts(id).total).toBe(2_371_777);
      expect(layerTotal(id, /^encoder\.conv/)).toBe(1_572_320);
      expect(layerTotal(id, /^encoder\.norm/)).toBe(3_968);
      expect(layerTotal(id, /^encoder\.(mean|logVar)$/)).toBe(262_400);
      expect(layerTotal(id, /^decoder\.dense$/)).toBe(132_096);
      expect(layerTotal(id, /^decoder\.conv/)).toBe(396_768);
      expect(layerTotal(id, /^decoder\.norm/)).toBe(1_920);
      expect(layerTotal(id, /^decoder\.output$/)).toBe(2_305);
    }
  });

  it('hold the figures that papers/002 prints', () => {
    const { model, training, features } = presetValues(presetById('fsdd-vae'));
    expect(model).toMatchObject({
      filters: [512, 256, 128, 64, 32],
      kernels: [3, 3, 3, 3, 3],
      strides: [2, 2, 2, 2, [2, 1]],
      latentDim: 128,
      reconstruction: 'mse',
      reconstructionWeight: 1_000_000,
    });
    expect(training).toMatchObject({ epochs: 200, learningRate: 0.0005, batchSize: 64 });
    expect(features).toMatchObject({ sampleRateHz: 22_050, durationSec: 0.74, nFft: 512, hopLength: 256 });
  });

  it('have five transposed convolutions and an output one for papers/002, four for papers/001', () => {
    const decoders = (id: string): string[] =>
      counts(id)
        .layers.map(({ layer }) => layer)
        .filter((layer) => /^decoder\.(conv|output)/.test(layer));
    expect(decoders('fsdd-vae')).toHaveLength(6);
    expect(decoders('fsdd-vae-pond')).toHaveLength(5);
  });

  it.each(['fsdd-vae-compact', 'fsdd-vae-compact-8k'])('begin with small steps: %s', (id) => {
    // At the full rate of 0.001 the first step of filters=32,64 (65,536 inputs to each log variance) overflows exp().
    const { training } = presetValues(presetById(id));
    expect(learningRateAt(training, 0, 10)).toBeLessThanOrEqual(1e-4);
    expect(learningRateAt(training, training.warmupSteps, 1e6)).toBeCloseTo(0.001, 6);
  });

  it('say that the literal loss is a demonstration of collapse', () => {
    const preset = presetById('fsdd-vae-pond-literal');
    expect(preset.title).toMatch(/demonstration of posterior collapse/);
    expect(presetValues(preset).model.reconstructionWeight).toBe(1);
  });
});

describe('refusals', () => {
  it('an unknown preset, with the nearest one', () => {
    expect(() => presetById('fsdd-vea')).toThrow(
      expect.objectContaining({
        code: 'models/preset-unknown',
        remedy: expect.stringContaining('Did you mean fsdd-vae? '),
      }),
    );
  });

  it('a preset file that is broken, misnamed or misspelt, by its name', async () => {
    const folder = await temporaryFolder();
    const write = (name: string, text: string): Promise<void> => writeFile(path.join(folder, name), text);
    const refusal = expect.objectContaining({ code: 'models/preset-file' });
    await write('broken.json', '{');
    expect(() => loadPresets(folder)).toThrow(refusal);
    await write('broken.json', JSON.stringify(presetById('fsdd-vae')));
    expect(() => loadPresets(folder)).toThrow(/broken\.json.*its id is "fsdd-vae"/);
    await write('broken.json', JSON.stringify({ ...presetById('fsdd-vae'), id: 'broken', titel: 'x' }));
    expect(() => loadPresets(folder)).toThrow(/titel/);
  });

  it('a misspelt key and a value out of range inside a preset, by name', () => {
    const preset = presetById('fsdd-vae');
    const misspelt: Preset = { ...preset, model: { ...preset.model, latentDims: 3 } };
    expect(() => presetValues(misspelt)).toThrow(
      expect.objectContaining({
        code: 'models/setting-unknown',
        message: expect.stringContaining('model.latentDims'),
        remedy: expect.stringContaining('model.latentDim'),
      }),
    );
    const outOfRange: Preset = { ...preset, training: { ...preset.training, epochs: 0 } };
    expect(() => presetValues(outOfRange)).toThrow(/fsdd-vae, training: epochs/);
    expect(() => presetValues({ ...preset, family: 'conv-vea' })).toThrow(/conv-vea/);
    expect(() => presetValues({ ...preset, features: { kind: 'mel' } })).toThrow(/mel/);
  });
});
