// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { recordingFacts, suggestPreset } from '../../../src-renderer/views/train/suggestion.ts';
import { recordingsStats } from '../../../src-preload/contract/commands/recordings.ts';
import type { ModelKind } from '../../../src-preload/contract/model-kinds.ts';
import { FakeLine } from '../fake-line.ts';

const model = (preset: string, sampleRateHz: number, total: number, kind: ModelKind = 'clip') => ({
  preset,
  kind,
  features: { sampleRateHz },
  inputShape: [256, 64, 1],
  parameters: { trainable: total, nonTrainable: 0, total, layers: [] },
});
const models = [
  model('big', 22_050, 4e6),
  model('small', 22_050, 1e6),
  model('big 8k', 8000, 4e6),
  model('small 8k', 8000, 1e6),
  model('tiny fragments', 8000, 1e3, 'fragment'),
  model('frames', 16_000, 1e5, 'sequence'),
];
const words = (rateHz: number) => ({ rateHz, meanSec: 0.5 });

describe('the preset to begin with', () => {
  it('is the smallest of the highest rate that the recordings have', () => {
    expect(suggestPreset(models, words(8000))?.preset).toBe('small 8k');
    expect(suggestPreset(models, words(16_000))?.preset).toBe('small 8k');
    expect(suggestPreset(models, words(44_100))?.preset).toBe('small');
  });

  it('is the smallest where no rate fits or is known, and none where there is none', () => {
    expect(suggestPreset(models, words(4000))?.preset).toBe('small');
    expect(suggestPreset(models, null)?.preset).toBe('small');
    expect(suggestPreset([], words(8000))).toBeUndefined();
  });

  it('takes sentences a frame at a time', () => {
    expect(suggestPreset(models, { rateHz: 16_000, meanSec: 12 })?.preset).toBe('frames');
  });

  it('goes by the rate of most of the sound, and by none where that cannot be read', async () => {
    const line = new FakeLine();
    const asked = recordingFacts(line, 'd1');
    const facet = (value: string, durationSec: number) => ({ value, recordings: 1, durationSec });
    const sampleRates = [facet('8000', 10), facet('16000', 90)];
    await line.answer(recordingsStats, { sampleRates, durationSec: 100, recordings: 50 } as never);
    expect(await asked).toEqual({ rateHz: 16_000, meanSec: 2 });
    const refused = recordingFacts(line, 'd1');
    await line.refuse(recordingsStats, new Error('no'));
    expect(await refused).toBeNull();
  });
});
