import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../../src-main/audio/decode.ts';
import {
  clipSamples,
  fromMagnitudePhase,
  magnitudePhaseSchema,
  toMagnitudePhase,
} from '../../../src-main/dsp/pipelines/magnitude-phase.ts';
import {
  fromPowerSpectrogram,
  powerSpectrogramSchema,
  toPowerSpectrogram,
} from '../../../src-main/dsp/pipelines/power-spectrogram.ts';
import { spectralConvergence } from '../../../src-main/dsp/griffin-lim.ts';
import { magnitude, stft } from '../../../src-main/dsp/stft.ts';
import { readNpy } from '../../helpers/npy.ts';
import { referenceFolder } from '../../helpers/reference-data.ts';
import { maxDifference, noise, relativeError } from '../../helpers/signals.ts';

/** A gliding tone with a little noise: hardly anything at Nyquist. */
function glide(samples: number, seed = 1): Float64Array {
  return noise(samples, seed).map((value, n) => 0.001 * value + 0.4 * Math.sin(0.1 * n + 1e-5 * n * n));
}

describe('the power spectrogram of papers/004', () => {
  const config = powerSpectrogramSchema.parse({});

  it('has its settings by default', () => {
    expect(config).toMatchObject({ sampleRateHz: 16_000, trimDb: 30, nFft: 512, hopLength: 256 });
  });

  it('trims, scales to a peak of 1, and is undone with its phase', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3000, max: 20_000 }),
        fc.nat(8000),
        fc.nat(8000),
        (length, before, after) => {
          const recording = new Float64Array(before + length + after);
          recording.set(glide(length), before);
          const made = toPowerSpectrogram(recording, 16_000, config);
          const kept = recording.subarray(made.span.start, made.span.end);
          expect(Math.max(...made.samples.map(Math.abs))).toBeCloseTo(1, 12);
          const back = fromPowerSpectrogram(made.power, config, {
            phase: made.phase,
            length: kept.length,
            scale: made.scale,
          });
          // Less than a hop at the end may lie where no window is large enough to divide by.
          const sure = 256 * (made.power.frames - 1);
          expect(maxDifference(back.subarray(0, sure), kept.subarray(0, sure))).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('finds a phase by itself where none is given', () => {
    const made = toPowerSpectrogram(glide(8000), 16_000, config);
    const found = fromPowerSpectrogram(made.power, config, { phase: null, length: made.samples.length });
    const settings = { nFft: 512, hopLength: 256, window: 'sine' } as const;
    const target = magnitude(stft(made.samples, settings));
    expect(spectralConvergence(found, target, settings)).toBeLessThan(0.3);
  });

  it('keeps silence silent', () => {
    const made = toPowerSpectrogram(new Float32Array(4000), 16_000, config);
    expect(made.scale).toBe(0);
    expect(made.power.data.every((value) => value === 0)).toBe(true);
  });
});

const golden = referenceFolder('reference', 'dvae', 'clips');

describe.skipIf(!golden)('the power spectrogram against the code of papers/004', () => {
  it.each(['clip2s', 'clip4s'])('%s', (clip) => {
    const { channels, sampleRateHz } = decodeAudio(path.join(golden ?? '', `${clip}.wav`));
    for (const padMode of ['constant', 'reflect'] as const) {
      const config = powerSpectrogramSchema.parse({ padMode });
      const { power } = toPowerSpectrogram(channels[0]!, sampleRateHz, config);
      const name = padMode === 'constant' ? `${clip}_x_power.npy` : `${clip}_x_power_reflect.npy`;
      const expected = readNpy(path.join(golden ?? '', name));
      expect([power.bins, power.frames]).toEqual(expected.shape);
      expect(relativeError(power.data, expected.data)).toBeLessThan(1e-6);
    }
  });
});

describe('magnitude and phase of papers/003', () => {
  const config = magnitudePhaseSchema.parse({});

  it('is 128 x 128 x 2', () => {
    const made = toMagnitudePhase(glide(5000), 8000, config);
    expect([made.bins, made.frames, made.features.length]).toEqual([128, 128, 128 * 128 * 2]);
    expect(clipSamples(config)).toBe(256 + 127 * 64);
  });

  it('is undone but for what lies at Nyquist, whatever the length and the level', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 500, max: 12_000 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (length, gain) => {
          const recording = glide(length).map((value) => gain * value);
          const clip = new Float64Array(clipSamples(config));
          clip.set(recording.subarray(0, clip.length));
          const back = fromMagnitudePhase(toMagnitudePhase(recording, 8000, config), config);
          expect(back).toHaveLength(clip.length);
          // The ends are covered by the foot of one window alone, which makes errors large.
          const middle = [64, clip.length - 64] as const;
          expect(maxDifference(back.subarray(...middle), clip.subarray(...middle))).toBeLessThan(0.01 * gain);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("divides by the dataset's standard deviation where it is known, and by nothing where all is silent", () => {
    const own = toMagnitudePhase(glide(8384), 8000, config);
    const shared = toMagnitudePhase(glide(8384), 8000, { ...config, amplitudeStd: 2 * own.scale });
    expect(own.features[2 * 600]! / shared.features[2 * 600]!).toBeCloseTo(2, 4);
    expect(toMagnitudePhase(new Float32Array(100), 8000, config).scale).toBe(1);
  });
});
