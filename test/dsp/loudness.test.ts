import { describe, expect, it } from 'vitest';
import {
  activeLevelDbfs,
  integratedLoudness,
  kWeighted,
  matchLevel,
  mostGainDb,
  truePeak,
} from '../../src-main/dsp/loudness.ts';
import { rms } from '../../src-main/dsp/level.ts';
import { noise, sine } from '../helpers/signals.ts';

const dB = (level: number): number => 10 ** (level / 20);

/** A 997 Hz sine at levels in dBFS, each for so many seconds. */
function tones(sampleRateHz: number, ...parts: readonly (readonly [levelDb: number, sec: number])[]) {
  const whole = sine(
    997,
    sampleRateHz,
    Math.round(parts.reduce((sum, [, sec]) => sum + sec, 0) * sampleRateHz),
  );
  let at = 0;
  for (const [levelDb, sec] of parts) {
    const end = at + Math.round(sec * sampleRateHz);
    for (; at < Math.min(end, whole.length); at++) whole[at]! *= dB(levelDb);
  }
  return whole;
}

describe('programme loudness (BS.1770)', () => {
  it.each([8000, 16_000, 22_050, 44_100, 48_000, 96_000])(
    'a 997 Hz sine at full scale in one channel is -3.01 LKFS, at %i Hz',
    (rateHz) => {
      // The bilinear transform bends the shelf where Nyquist is near.
      expect(integratedLoudness([tones(rateHz, [0, 3])], rateHz)).toBeCloseTo(-3.01, rateHz < 16_000 ? 0 : 1);
    },
  );

  it('is that of the recommendation at 48 kHz, to a hundredth', () => {
    expect(Math.abs(integratedLoudness([tones(48_000, [0, 3])], 48_000)! + 3.01)).toBeLessThan(0.01);
  });

  it('adds the power of channels', () => {
    const tone = tones(48_000, [-23, 3]);
    expect(integratedLoudness([tone, tone], 48_000)).toBeCloseTo(-23, 1);
  });

  it('counts only what is within 10 LU of the rest (EBU Tech 3341, case 3)', () => {
    const tone = tones(48_000, [-36, 5], [-23, 30], [-36, 5]);
    expect(Math.abs(integratedLoudness([tone, tone], 48_000)! + 23)).toBeLessThan(0.1);
  });

  it('leaves out what is below -70 LKFS (case 4)', () => {
    const tone = tones(48_000, [-72, 5], [-36, 5], [-23, 30], [-36, 5], [-72, 5]);
    expect(Math.abs(integratedLoudness([tone, tone], 48_000)! + 23)).toBeLessThan(0.1);
  });

  it('has no answer for less than a block, for silence and for no channel', () => {
    expect(integratedLoudness([tones(48_000, [0, 0.399])], 48_000)).toBeNull();
    expect(integratedLoudness([tones(48_000, [0, 0.4])], 48_000)).not.toBeNull();
    expect(integratedLoudness([new Float64Array(48_000)], 48_000)).toBeNull();
    expect(integratedLoudness([], 48_000)).toBeNull();
  });

  it('weights what the ear hears best: bass less, treble more', () => {
    const gain = (hz: number): number =>
      20 * Math.log10(rms(kWeighted(sine(hz, 48_000, 48_000), 48_000)) * Math.SQRT2);
    expect(gain(20)).toBeLessThan(-10);
    expect(gain(997)).toBeCloseTo(0.69, 1);
    expect(gain(10_000)).toBeCloseTo(4, 1);
  });
});

describe('the level of active speech', () => {
  it('does not count pauses', () => {
    const spoken = tones(8000, [-20, 0.3]);
    const padded = new Float64Array(8000);
    padded.set(spoken, 1600);
    expect(activeLevelDbfs([spoken], 8000)).toBeCloseTo(-23.01, 1);
    expect(activeLevelDbfs([padded], 8000)).toBeCloseTo(-23.01, 1);
  });

  it('of silence and of nothing is minus infinity', () => {
    expect(activeLevelDbfs([new Float64Array(800)], 8000)).toBe(-Infinity);
    expect(activeLevelDbfs([new Float64Array(0)], 8000)).toBe(-Infinity);
  });
});

describe('the true peak', () => {
  it('is found between the samples', () => {
    // A quarter of the rate, sampled at 45 degrees: every sample is 0.707 of the peak.
    const tone = Float64Array.from({ length: 4800 }, (_, n) => Math.sin((Math.PI / 2) * n + Math.PI / 4));
    expect(Math.max(...tone)).toBeCloseTo(Math.SQRT1_2, 6);
    const middle = tone.map((value, n) => value * Math.sin((Math.PI * n) / tone.length) ** 2);
    expect(truePeak([middle], 48_000)).toBeCloseTo(1, 2);
  });

  it('is never below the largest sample', () => {
    const values = noise(3000, 4);
    expect(truePeak([values], 8000)).toBeGreaterThanOrEqual(Math.max(...values.map(Math.abs)));
    expect(truePeak([new Float64Array(0)], 8000)).toBe(0);
  });
});

describe('matching levels', () => {
  it.each([
    ['loudness', 1],
    ['active-speech', 0.35],
  ] as const)('by %s where there is %d s', (method, sec) => {
    const reference = noise(Math.round(16_000 * sec)).map((value) => 0.3 * value);
    const quieter = reference.map((value) => value * dB(-7.5));
    const match = matchLevel([reference], [quieter], 16_000);
    expect(match).toMatchObject({ method, limited: false });
    expect(match.gainDb).toBeCloseTo(7.5, 6);
  });

  it('does not play noise as loud as speech', () => {
    const reference = noise(16_000);
    const match = matchLevel([reference], [reference.map((value) => value * 1e-3)], 16_000);
    expect(match).toMatchObject({ gainDb: mostGainDb, limited: true });
  });

  it('leaves silence alone', () => {
    const [loud, silent] = [noise(16_000), new Float64Array(16_000)];
    expect(matchLevel([loud], [silent], 16_000)).toMatchObject({ method: 'none', gainDb: 0 });
    expect(matchLevel([silent], [loud], 16_000)).toMatchObject({ method: 'none', gainDb: 0 });
  });
});
