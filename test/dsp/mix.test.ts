import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeSpeechLevel } from '../../src-main/dsp/active-level.ts';
import { dbfs, rms } from '../../src-main/dsp/level.ts';
import { mixAtSnr } from '../../src-main/dsp/mix.ts';
import { maxDifference, noise, sine } from '../helpers/signals.ts';

const sampleRateHz = 16_000;

/** Bursts of noise of a second, each followed by two of silence. */
function bursts(): Float64Array {
  return noise(9 * sampleRateHz).map((value, n) => (n % (3 * sampleRateHz) < sampleRateHz ? 0.3 * value : 0));
}

describe('activeSpeechLevel', () => {
  it('is the RMS of what never pauses', () => {
    const { levelDbfs, activity } = activeSpeechLevel(
      sine(300, sampleRateHz, 5 * sampleRateHz),
      sampleRateHz,
    );
    expect(levelDbfs).toBeCloseTo(-3.01, 0);
    expect(activity).toBeGreaterThan(0.98);
  });

  it('leaves pauses out, but for the hangover of 0.2 s', () => {
    const signal = bursts();
    const { levelDbfs, activity } = activeSpeechLevel(signal, sampleRateHz);
    // A second of three, and a hangover that the envelope's decay makes longer.
    expect(activity).toBeGreaterThan(1.2 / 3);
    expect(activity).toBeLessThan(1.4 / 3);
    expect(levelDbfs).toBeCloseTo(dbfs(rms(signal)) - 10 * Math.log10(activity), 6);
  });

  it('moves with the gain', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 3, noNaN: true }), (gainDb) => {
        const signal = bursts();
        const scaled = signal.map((value) => value * 10 ** (gainDb / 20));
        const moved = activeSpeechLevel(scaled, sampleRateHz).levelDbfs;
        // Thresholds are 6 dB apart: what lies between them is a straight line.
        expect(Math.abs(moved - activeSpeechLevel(signal, sampleRateHz).levelDbfs - gainDb)).toBeLessThan(
          0.3,
        );
      }),
      { numRuns: 8 },
    );
  });

  it('has none for silence', () => {
    expect(activeSpeechLevel(new Float32Array(1000), sampleRateHz)).toEqual({
      levelDbfs: -Infinity,
      activity: 0,
    });
    expect(activeSpeechLevel(new Float32Array(0), sampleRateHz).levelDbfs).toBe(-Infinity);
  });
});

describe('mixAtSnr', () => {
  it('adds noise at the ratio that is asked for, at any', () => {
    const speech = bursts();
    fc.assert(
      fc.property(fc.double({ min: -20, max: 40, noNaN: true }), (snrDb) => {
        const { mixed, noise: added } = mixAtSnr(speech, noise(3000, 7), sampleRateHz, snrDb, 1000);
        expect(mixed).toHaveLength(speech.length);
        const { levelDbfs } = activeSpeechLevel(speech, sampleRateHz);
        expect(levelDbfs - dbfs(rms(added))).toBeCloseTo(snrDb, 4);
        expect(
          maxDifference(
            mixed,
            Float64Array.from(speech, (value, n) => value + added[n]!),
          ),
        ).toBeLessThan(1e-5);
      }),
      { numRuns: 8 },
    );
  });

  it('repeats noise that is too short, from where it is told to begin', () => {
    const { noise: added } = mixAtSnr(bursts(), Float64Array.of(1, -2, 3), sampleRateHz, 0, 2);
    expect(added[1]! / added[0]!).toBeCloseTo(1 / 3, 6);
    expect(added[2]! / added[0]!).toBeCloseTo(-2 / 3, 6);
    expect(added[3]).toBe(added[0]);
  });

  it('refuses silence on either side', () => {
    expect(() => mixAtSnr(new Float32Array(9000), noise(100), sampleRateHz, 0)).toThrow('speech is silent');
    expect(() => mixAtSnr(bursts(), new Float32Array(100), sampleRateHz, 0)).toThrow('noise is silent');
    expect(() => mixAtSnr(bursts(), new Float32Array(0), sampleRateHz, 0)).toThrow('no noise');
  });
});
