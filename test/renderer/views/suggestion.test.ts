// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { commonRateHz, suggestPreset } from '../../../src-renderer/views/train/suggestion.ts';
import { recordingsStats } from '../../../src-preload/contract/commands/recordings.ts';
import { FakeLine } from '../fake-line.ts';

const model = (preset: string, sampleRateHz: number, total: number) => ({
  preset,
  features: { sampleRateHz },
  inputShape: [256, 64, 1],
  samples: null,
  parameters: { trainable: total, nonTrainable: 0, total, layers: [] },
});
const models = [
  model('big', 22_050, 4e6),
  model('small', 22_050, 1e6),
  model('big 8k', 8000, 4e6),
  model('small 8k', 8000, 1e6),
];

describe('the preset to begin with', () => {
  it('is the smallest of the highest rate that the recordings have', () => {
    expect(suggestPreset(models, 8000)?.preset).toBe('small 8k');
    expect(suggestPreset(models, 16_000)?.preset).toBe('small 8k');
    expect(suggestPreset(models, 44_100)?.preset).toBe('small');
  });

  it('is the smallest where no rate fits or is known, and none where there is none', () => {
    expect(suggestPreset(models, 4000)?.preset).toBe('small');
    expect(suggestPreset(models, null)?.preset).toBe('small');
    expect(suggestPreset([], 8000)).toBeUndefined();
  });

  it('goes by the rate of most of the sound, and by none where that cannot be read', async () => {
    const line = new FakeLine();
    const asked = commonRateHz(line, 'd1');
    const facet = (value: string, durationSec: number) => ({ value, recordings: 1, durationSec });
    await line.answer(recordingsStats, { sampleRates: [facet('8000', 10), facet('16000', 90)] } as never);
    expect(await asked).toBe(16_000);
    const refused = commonRateHz(line, 'd1');
    await line.refuse(recordingsStats, new Error('no'));
    expect(await refused).toBeNull();
  });
});
