import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyondRecording, fragmentWindows } from '../../src-main/dsp/fragment-windows.ts';
import {
  clipSeconds,
  featurePipelineSchema,
  featureShape,
  withClipSamples,
} from '../../src-main/dsp/pipeline.ts';
import { fragmentsIn, fragmentsSchema } from '../../src-main/dsp/pipelines/fragments.ts';
import { uniformNumbers } from '../../src-main/dsp/random.ts';

const config = fragmentsSchema.parse({});
const rate = config.sampleRateHz;

/** Noise that swells, so that its loudest part is not in every window. */
function swelling(length: number): Float32Array {
  return Float32Array.from(
    uniformNumbers(1, length),
    (value, at) => (0.9 * (value - 0.5) * (at + 1)) / length,
  );
}

describe('the fragments of papers/000', () => {
  it('are 128 x 8, last 25 ms, and are twelve to a window of 300 ms', () => {
    expect(featureShape({ ...config, fragments: 1 })).toEqual({ bins: 128, frames: 8, samples: 400 });
    expect(clipSeconds({ ...config, fragments: 1 })).toBe(0.025);
    expect(featureShape(config)).toEqual({ bins: 128, frames: 96, samples: 4800 });
    expect(clipSeconds(config)).toBe(0.3);
  });

  it('refuses an FFT that is no power of two, and a hop that no audio comes back from', () => {
    const parsed = featurePipelineSchema.safeParse({ kind: 'fragments', nFft: 250, hopLength: 200 });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['nFft'], ['hopLength']]);
  });

  it('hold any number of samples in as few as can be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e7 }), (samples) => {
        const count = fragmentsIn(samples, config);
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count * 400).toBeGreaterThanOrEqual(samples);
        if (count > 1) expect((count - 1) * 400).toBeLessThan(samples);
        expect(withClipSamples(config, samples).fragments).toBe(count);
      }),
    );
  });

  it('of the windows of a recording, one after the other, make the recording whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (length) => {
        const samples = swelling(length);
        const windows = fragmentWindows.clipsOf(samples, rate, config);
        const whole = fragmentWindows.analyse(samples, rate, withClipSamples(config, length));
        expect(windows).toHaveLength(Math.ceil(whole.frames / 96));
        expect(windows.length).toBeLessThanOrEqual(fragmentWindows.mostClips(config, length / rate));
        for (const [at, window] of windows.entries()) {
          expect([window.minDb, window.maxDb]).toEqual([whole.minDb, whole.maxDb]);
          for (const [bin, frame] of [
            [0, 0],
            [64, 50],
            [127, 95],
          ] as const) {
            const there = at * 96 + frame;
            const isIn = there < whole.frames;
            const level = isIn ? whole.features[bin * whole.frames + there]! : 0;
            expect(window.features[bin * 96 + frame]).toBe(level);
            expect(window.input[bin * 96 + frame]).toBe(isIn ? level : beyondRecording);
          }
        }
        const spoken = windows.reduce((sum, { spokenSec }) => sum + spokenSec, 0);
        expect(spoken).toBeCloseTo(length / rate, 3);
      }),
      { numRuns: 20 },
    );
  });

  it('come together to the recording again, with its own phase', () => {
    fc.assert(
      fc.property(fc.integer({ min: 800, max: 9000 }), (length) => {
        const samples = swelling(length);
        const whole = withClipSamples(config, length);
        const clip = fragmentWindows.analyse(samples, rate, whole, { withPhase: true });
        const back = fragmentWindows.synthesise(clip.features, clip, whole, {
          method: 'original-phase',
          phase: clip.phase,
          length,
        });
        expect(back).toHaveLength(length);
        // 80 dB below the loudest and the row at half the rate are what is not kept.
        const error = back.map((value, n) => value - samples[n]!).subarray(128, -128);
        expect(Math.sqrt(error.reduce((sum, value) => sum + value * value, 0) / error.length)).toBeLessThan(
          0.03,
        );
      }),
      { numRuns: 10 },
    );
  });

  it('of other rates are resampled, and a second is forty of them at any', () => {
    for (const other of [8000, 22_050, 44_100, 48_000]) {
      const windows = fragmentWindows.clipsOf(swelling(other), other, config);
      expect(windows).toHaveLength(Math.ceil(40 / 12));
      expect(windows.at(-1)?.input.filter((value) => value !== beyondRecording)).toHaveLength(4 * 8 * 128);
    }
  });

  it('keep silence silent, and a recording shorter than one of them', () => {
    const silent = fragmentWindows.analyse(new Float32Array(900), rate, config);
    expect(silent.minDb).toBe(silent.maxDb);
    expect(fragmentWindows.synthesise(silent.features, silent, config).every((sample) => sample === 0)).toBe(
      true,
    );
    const [window, ...others] = fragmentWindows.clipsOf(swelling(100), rate, config);
    expect(others).toHaveLength(0);
    expect(window?.spokenSec).toBeCloseTo(100 / rate, 6);
    expect(window?.input.filter((value) => value !== beyondRecording)).toHaveLength(8 * 128);
  });

  it('gives levels within 0..1 of whatever a model says', () => {
    const values = Float32Array.of(beyondRecording, 0, 0.5, 1);
    expect([...fragmentWindows.toFeatures(values, { minDb: -80, maxDb: 0 }, config)]).toEqual([0, 0, 0.5, 1]);
  });
});
