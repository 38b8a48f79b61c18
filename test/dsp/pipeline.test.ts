import { describe, expect, it } from 'vitest';
import { featurePipelineSchema, featureShape, generatedExtremes } from '../../src-main/dsp/pipeline.ts';

const parse = (settings: object = {}): ReturnType<typeof featurePipelineSchema.safeParse> =>
  featurePipelineSchema.safeParse({ kind: 'log-spectrogram', ...settings });

describe('the log spectrogram pipeline', () => {
  it("has papers/002's settings by default: 256 bins, 64 frames", () => {
    const config = featurePipelineSchema.parse({ kind: 'log-spectrogram' });
    expect(config).toEqual({
      kind: 'log-spectrogram',
      sampleRateHz: 22_050,
      durationSec: 0.74,
      nFft: 512,
      hopLength: 256,
      topDb: 80,
    });
    expect(featureShape(config)).toEqual({ bins: 256, frames: 64, samples: 16_317 });
    expect(generatedExtremes).toEqual({ minDb: -80, maxDb: 0 });
  });

  it.each([
    [{ nFft: 500 }, 'nFft', 'power of two'],
    [{ hopLength: 257 }, 'hopLength', 'at most half'],
    [{ durationSec: 0.02 }, 'durationSec', 'shorter than one frame'],
    [{ topDb: 0 }, 'topDb', '10'],
    [{ sampleRateHz: 22_050.5 }, 'sampleRateHz', 'int'],
  ])('refuses %o, naming %s', (settings, field, message) => {
    const result = parse(settings);
    expect(result.success).toBe(false);
    expect(result.error?.issues[0]?.path).toEqual([field]);
    expect(result.error?.issues[0]?.message).toContain(message);
  });

  it('refuses a misspelt setting by its name', () => {
    const result = parse({ hop: 128 });
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toContain('hop');
  });

  it('takes other sound settings', () => {
    expect(parse({ sampleRateHz: 8000, nFft: 512, hopLength: 93, durationSec: 0.74 }).success).toBe(true);
  });
});
