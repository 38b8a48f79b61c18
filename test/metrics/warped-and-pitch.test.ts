import { describe, expect, it } from 'vitest';
import { uniformNumbers } from '../../src-main/dsp/random.ts';
import { mcdByDtw } from '../../src-main/metrics/mcd-dtw.ts';
import { mcd } from '../../src-main/metrics/mcd.ts';
import { judge } from '../../src-main/metrics/judge.ts';
import { f0ErrorCents, f0ErrorHz, voicingError } from '../../src-main/metrics/f0/metrics.ts';

const sampleRateHz = 16_000;

/** A buzz whose timbre and pitch change, so that warping and pitch have something to find. */
function voice(semitones = 0, seconds = 1.2): Float64Array {
  let turn = 0;
  return Float64Array.from({ length: seconds * sampleRateHz }, (_, n) => {
    const t = n / sampleRateHz;
    const f0 = (110 + 30 * Math.sin(2 * Math.PI * t)) * 2 ** (semitones / 12);
    turn += f0 / sampleRateHz;
    let sum = 0;
    for (let k = 1; k * f0 < 3500; k++) {
      const formant = 500 + 900 * t;
      sum += Math.cos(2 * Math.PI * k * turn) / (1 + ((k * f0 - formant) / 300) ** 2);
    }
    return 0.1 * sum;
  });
}

function pairOf(reference: Float64Array, degraded: Float64Array) {
  return { reference, degraded, sampleRateHz };
}

describe('MCD by DTW', () => {
  it('is nothing for the same sound, and never more than frame by frame where lengths are equal', () => {
    const one = voice();
    expect(judge(mcdByDtw, pairOf(one, one)).value).toBe(0);
    // The same voice 60 ms late: frame by frame other sounds are compared.
    const warped = new Float64Array(one.length);
    warped.set(one.subarray(0, one.length - 960), 960);
    const aligned = judge(mcd, pairOf(one, warped)).value!;
    const byDtw = judge(mcdByDtw, pairOf(one, warped)).value!;
    expect(byDtw).toBeLessThan(aligned);
    expect(byDtw).toBeGreaterThan(0);
  });

  it('takes two lengths, which frame by frame cannot', () => {
    const [one, shorter] = [voice(), voice(0, 1)];
    expect(judge(mcd, pairOf(one, shorter)).blank?.code).toBe('lengths-differ');
    expect(judge(mcdByDtw, pairOf(one, shorter)).value).toBeGreaterThan(0);
  });
});

describe('F0 error', () => {
  it('is nothing for the same sound, and 100 cents for a semitone', () => {
    const one = voice();
    expect(judge(f0ErrorCents, pairOf(one, one)).value).toBe(0);
    expect(judge(voicingError, pairOf(one, one)).value).toBe(0);
    expect(judge(f0ErrorCents, pairOf(one, voice(1))).value).toBeCloseTo(100, -1);
    const hz = judge(f0ErrorHz, pairOf(one, voice(1))).value!;
    expect(hz).toBeGreaterThan(110 * (2 ** (1 / 12) - 1) * 0.8);
    expect(hz).toBeLessThan(140 * (2 ** (1 / 12) - 1) * 1.2);
  });

  it('is blank without a voice, and counts frames that lost theirs', () => {
    // Bright noise, in which no period is near.
    const drawn = uniformNumbers(1, sampleRateHz);
    const noise = drawn.map((number, n) => 0.4 * (number - (drawn[n - 1] ?? 0)));
    expect(judge(f0ErrorCents, pairOf(noise, noise)).blank?.code).toBe('no-speech');
    expect(judge(voicingError, pairOf(noise, noise)).blank?.code).toBe('no-speech');
    const one = voice(0, 1);
    const half = Float64Array.from(one, (sample, n) => (n < one.length / 2 ? sample : noise[n]!));
    expect(judge(voicingError, pairOf(one, half)).value).toBeGreaterThan(0.2);
  });

  it('refuses rates that hold no pitch', () => {
    const slow = voice().filter((_, n) => n % 8 === 0);
    expect(judge(f0ErrorCents, { ...pairOf(slow, slow), sampleRateHz: 2000 }).blank?.code).toBe('wrong-rate');
  });
});
