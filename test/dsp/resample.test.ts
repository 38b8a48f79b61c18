import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { rms } from '../../src-main/dsp/level.ts';
import { resample, resampledLength } from '../../src-main/dsp/resample.ts';
import { readNpy } from '../helpers/npy.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { maxDifference, noise, relativeError, sine } from '../helpers/signals.ts';

const pairs = [
  [8000, 22_050],
  [22_050, 8000],
  [8000, 16_000],
  [16_000, 8000],
  [44_100, 8000],
  [48_000, 44_100],
  [384_000, 16_000],
] as const;

/** Gain in dB of a tone, from the middle of a second of it. */
function gainDb(frequencyHz: number, fromHz: number, toHz: number): number {
  const output = resample(sine(frequencyHz, fromHz, fromHz), fromHz, toHz);
  const middle = output.subarray(output.length * 0.2, output.length * 0.8);
  return 20 * Math.log10(rms(middle) * Math.SQRT2);
}

describe('resample', () => {
  it.each(pairs)(
    'from %i to %i Hz is flat to 0.9 of the lower Nyquist, and silent above it',
    (fromHz, toHz) => {
      const nyquistHz = Math.min(fromHz, toHz) / 2;
      for (const fraction of [0.05, 0.25, 0.5, 0.75, 0.9]) {
        expect(Math.abs(gainDb(fraction * nyquistHz, fromHz, toHz)), `at ${fraction}`).toBeLessThan(0.01);
      }
      if (fromHz < toHz) return;
      for (const fraction of [1.005, 1.05, 1.5, 1.9].filter((part) => part * nyquistHz < fromHz / 2)) {
        expect(gainDb(fraction * nyquistHz, fromHz, toHz), `at ${fraction}`).toBeLessThan(-100);
      }
    },
  );

  it('makes no images when it raises the rate', () => {
    // What is left when the tone itself, exactly known, is taken away.
    const output = resample(sine(3000, 8000, 8000), 8000, 22_050);
    const wanted = sine(3000, 22_050, 22_050);
    const error = output.map((sample, n) => sample - wanted[n]!).subarray(3000, 19_000);
    expect(20 * Math.log10(rms(error))).toBeLessThan(-100);
  });

  it.each(pairs)('from %i to %i Hz does not delay', (fromHz, toHz) => {
    const frequencyHz = Math.min(fromHz, toHz) / 7;
    const output = resample(sine(frequencyHz, fromHz, fromHz), fromHz, toHz);
    const wanted = sine(frequencyHz, toHz, toHz);
    const [start, end] = [Math.floor(toHz * 0.2), Math.floor(toHz * 0.8)];
    expect(maxDifference(output.subarray(start, end), wanted.subarray(start, end))).toBeLessThan(1e-5);
  });

  it('gives back the signal after up and down, where it was band-limited', () => {
    const limited = resample(noise(4000), 4000, 8000);
    const back = resample(resample(limited, 8000, 22_050), 22_050, 8000);
    expect(maxDifference(back.subarray(800, -800), limited.subarray(800, -800))).toBeLessThan(1e-5);
  });

  it('is linear, at any length and across the borders of its blocks', () => {
    const settings = fc.record({
      pair: fc.constantFrom(...pairs.slice(0, 5)),
      samples: fc.integer({ min: 1, max: 12_000 }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(settings, ({ pair: [fromHz, toHz], samples, seed }) => {
        const [a, b] = [noise(samples, seed), noise(samples, seed + 1)];
        const sum = resample(
          a.map((value, n) => value + 2 * b[n]!),
          fromHz,
          toHz,
        );
        const [A, B] = [resample(a, fromHz, toHz), resample(b, fromHz, toHz)];
        expect(sum.length).toBe(Math.ceil((samples * toHz) / fromHz));
        expect(
          maxDifference(
            sum,
            A.map((value, n) => value + 2 * B[n]!),
          ),
        ).toBeLessThan(1e-5);
      }),
      { numRuns: 30 },
    );
  });

  it('does the same to a piece as to the whole, away from the cut', () => {
    const signal = noise(40_000);
    const whole = resample(signal, 8000, 22_050);
    const piece = resample(signal.subarray(16_000), 8000, 22_050);
    expect(
      maxDifference(piece.subarray(2000, 20_000), whole.subarray(44_100 + 2000, 44_100 + 20_000)),
    ).toBeLessThan(1e-6);
  });

  it('copies where the rates are equal, and gives nothing for nothing', () => {
    const signal = Float32Array.of(1, 2, 3);
    const copy = resample(signal, 8000, 8000);
    expect(copy).toEqual(signal);
    copy[0] = 9;
    expect(signal[0]).toBe(1);
    expect(resample(new Float32Array(0), 8000, 22_050).length).toBe(0);
  });

  it('has the length that librosa gives', () => {
    expect(resampledLength(5920, 8000, 22_050)).toBe(16_317);
    expect(resampledLength(22_051, 44_100, 8000)).toBe(4001);
    expect(resampledLength(22_049, 44_100, 8000)).toBe(4000);
    expect(resampledLength(1, 44_100, 8000)).toBe(1);
  });

  it.each([0, -8000, 22_050.5, NaN])('refuses a rate of %d', (rateHz) => {
    expect(() => resample(noise(10), 8000, rateHz)).toThrow('sample rate');
    expect(() => resample(noise(10), rateHz, 8000)).toThrow('sample rate');
  });
});

const golden = referenceFolder('reference', 'dsp', 'resample');

describe.skipIf(!golden)('against soxr_hq (librosa 0.11)', () => {
  const folder = golden ?? '';

  it.each(['8000_16000', '16000_8000'])('impulse response %s', (name) => {
    const [fromHz, toHz] = name.split('_').map(Number) as [number, number];
    const impulse = new Float64Array(1001);
    impulse[500] = 1;
    const output = resample(impulse, fromHz, toHz);
    expect(
      maxDifference(output, readNpy(path.join(folder, `impulse_${name}_soxr_hq.npy`)).data),
    ).toBeLessThan(1e-3);
  });

  it.each(['speech_44100_8000', 'speech_44100_16000'])('%s', (name) => {
    const [kind, fromHz, toHz] = name.split('_') as [string, string, string];
    const { channels } = decodeAudio(path.join(folder, `${kind}_${fromHz}.wav`));
    const output = resample(channels[0]!, Number(fromHz), Number(toHz));
    expect(relativeError(output, readNpy(path.join(folder, `${name}_soxr_hq.npy`)).data)).toBeLessThan(0.01);
  });

  it('passes tones as soxr does', () => {
    const results = JSON.parse(readFileSync(path.join(folder, 'results.json'), 'utf8')) as {
      tone_gain_db_by_fraction_of_lower_nyquist: Record<string, Record<string, number>>;
    };
    for (const [name, gains] of Object.entries(results.tone_gain_db_by_fraction_of_lower_nyquist)) {
      const [fromHz, toHz] = name.split('_').map(Number) as [number, number];
      const nyquistHz = Math.min(fromHz, toHz) / 2;
      for (const [fraction, expected] of Object.entries(gains)) {
        const actual = gainDb(Number(fraction) * nyquistHz, fromHz, toHz);
        if (Number(fraction) <= 0.925)
          expect(Math.abs(actual - expected), `${name} at ${fraction}`).toBeLessThan(0.1);
        if (Number(fraction) > 1) expect(actual, `${name} at ${fraction}`).toBeLessThan(-130);
      }
    }
  });
});
