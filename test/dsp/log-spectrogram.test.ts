import { describe, expect, it } from 'vitest';
import { analyse, inversionMethods, synthesise } from '../../src-main/dsp/representation.ts';
import { peak } from '../../src-main/dsp/level.ts';
import { featurePipelineSchema } from '../../src-main/dsp/pipeline.ts';
import { amplitudeToDb } from '../../src-main/dsp/decibel.ts';
import { magnitude, stft } from '../../src-main/dsp/stft.ts';
import { maxDifference, noise, sine } from '../helpers/signals.ts';

const config = featurePipelineSchema.parse({ kind: 'log-spectrogram' });
const atNativeRate = featurePipelineSchema.parse({ kind: 'log-spectrogram', sampleRateHz: 8000 });
const tone = sine(440, 8000, 4000).map((value) => 0.5 * value);

describe('analyse', () => {
  it('is the chain of papers/002, step by step', () => {
    const clip = analyse(tone, 8000, atNativeRate);
    const padded = new Float32Array(5920);
    padded.set(tone);
    const spectrum = magnitude(stft(padded, { nFft: 512, hopLength: 256 }));
    const db = amplitudeToDb(spectrum.data.subarray(0, 256 * spectrum.frames));
    expect(clip.padded).toEqual(padded);
    expect([clip.bins, clip.frames]).toEqual([256, 24]);
    expect([clip.minDb, clip.maxDb]).toEqual([Math.min(...db), Math.max(...db)]);
    expect(clip.maxDb - clip.minDb).toBeCloseTo(80, 10);
    expect(
      maxDifference(
        clip.features,
        db.map((value) => (value - clip.minDb) / (clip.maxDb - clip.minDb)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('resamples, pads and says how much was spoken', () => {
    const clip = analyse(tone, 8000, config);
    expect([clip.bins, clip.frames, clip.padded.length]).toEqual([256, 64, 16_317]);
    expect(clip.spokenSec).toBe(0.5);
    expect(clip.padded.subarray(11_025).every((sample) => sample === 0)).toBe(true);
    expect(clip.phase).toBeNull();
  });

  it('cuts what is longer, before resampling as librosa.load does', () => {
    const long = noise(8000);
    expect(analyse(long, 8000, config).spokenSec).toBe(0.74);
    expect(analyse(long, 8000, config).features).toEqual(
      analyse(long.subarray(0, 5920), 8000, config).features,
    );
  });

  it('makes zeros of silence, with extremes that bring silence back', () => {
    const clip = analyse(new Float32Array(4000), 8000, config);
    expect(clip.features.every((value) => value === 0)).toBe(true);
    expect([clip.minDb, clip.maxDb]).toEqual([-100, -100]);
    for (const method of ['griffin-lim', 'original-phase', 'zero-phase'] as const) {
      const { phase } = analyse(new Float32Array(4000), 8000, config, { withPhase: true });
      expect(peak(synthesise(clip.features, clip, config, { method, phase }))).toBe(0);
    }
  });

  it('takes a recording of no samples as silence', () => {
    expect(analyse(new Float32Array(0), 8000, config)).toMatchObject({ spokenSec: 0, minDb: -100 });
  });
});

describe('synthesise', () => {
  const clip = analyse(tone, 8000, config, { withPhase: true });

  it('gives the recording back with its own phase, but for what lay below the range', () => {
    const audio = synthesise(clip.features, clip, config, { method: 'original-phase', phase: clip.phase });
    expect(audio.length).toBe(16_317);
    expect(maxDifference(audio.subarray(0, 63 * 256), clip.padded.subarray(0, 63 * 256))).toBeLessThan(2e-3);
  });

  it('comes close to the magnitudes by Griffin-Lim, closer with more iterations, the same for the same seed', () => {
    const again = (iterations: number): number => {
      const heard = analyse(synthesise(clip.features, clip, config, { iterations }), 22_050, config);
      let error = 0;
      heard.features.forEach((value, i) => {
        const levelDb = value * (heard.maxDb - heard.minDb) + heard.minDb;
        const wantedDb = clip.features[i]! * (clip.maxDb - clip.minDb) + clip.minDb;
        error += (10 ** (levelDb / 20) - 10 ** (wantedDb / 20)) ** 2;
      });
      return error;
    };
    expect(again(32)).toBeLessThan(again(1));
    const options = { iterations: 2, seed: 3 };
    expect(synthesise(clip.features, clip, config, options)).toEqual(
      synthesise(clip.features, clip, config, options),
    );
    expect(synthesise(clip.features, clip, config, options)).not.toEqual(
      synthesise(clip.features, clip, config, { ...options, seed: 4 }),
    );
  });

  it('scales the zero-phase signal to a peak of 0.9', () => {
    const audio = synthesise(clip.features, clip, config, { method: 'zero-phase' });
    expect(peak(audio)).toBeCloseTo(0.9, 6);
  });

  it('takes a generated spectrogram as -80 to 0 dB', () => {
    const features = clip.features;
    const stored = { minDb: -80, maxDb: 0 };
    expect(synthesise(features, null, config, { iterations: 1 })).toEqual(
      synthesise(features, stored, config, { iterations: 1 }),
    );
  });

  it('gives the length that is asked for', () => {
    expect(synthesise(clip.features, clip, config, { iterations: 1, length: 100 }).length).toBe(100);
    expect(synthesise(clip.features, clip, config, { iterations: 1, length: 20_000 }).length).toBe(20_000);
  });

  it('refuses another shape, and the original phase without a phase', () => {
    expect(() => synthesise(new Float32Array(10), null, config)).toThrow('256 x 64');
    expect(() => synthesise(clip.features, clip, config, { method: 'original-phase' })).toThrow('withPhase');
  });

  it('labels every method', () => {
    for (const { label, help } of Object.values(inversionMethods)) {
      expect(label.length).toBeGreaterThan(0);
      expect(help.length).toBeGreaterThan(0);
    }
  });
});
