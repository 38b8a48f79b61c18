// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { chosenSettings, settingText, trainInputOf } from '../../../src-renderer/views/runs/train-input.ts';

describe('a run as what trains it again', () => {
  it('writes values as they are typed', () => {
    expect(settingText([2, 2, [2, 1]])).toBe('2,2,2x1');
    expect(settingText(0)).toBe('0');
    expect(settingText(false)).toBe('false');
    expect(settingText(null)).toBe('');
  });

  it('takes what was chosen, not what followed, and leaves epochs and seed their own places', () => {
    const differences = [
      { setting: 'model.latentDim', preset: 128, chosen: 64, derived: false },
      { setting: 'model.kernels', preset: [3], chosen: [3, 3], derived: true },
      { setting: 'training.epochs', preset: 60, chosen: 5, derived: false },
      { setting: 'training.seed', preset: 0, chosen: 7, derived: false },
    ];
    expect(chosenSettings({ differences })).toEqual({ 'model.latentDim': '64' });
    const run = {
      differences,
      config: { preset: 'p', training: { epochs: 5, seed: 7 } },
      source: { name: 'fsdd' },
    } as unknown as Parameters<typeof trainInputOf>[0];
    expect(trainInputOf(run)).toEqual({
      dataset: 'fsdd',
      preset: 'p',
      set: { 'model.latentDim': '64' },
      epochs: 5,
      seed: 7,
    });
  });
});
