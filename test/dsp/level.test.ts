import { describe, expect, it } from 'vitest';
import { dbfs, energy, peak, rms } from '../../src-main/dsp/level.ts';
import { sine } from '../helpers/signals.ts';

describe('levels', () => {
  it('of a sine: peak 1, rms 3 dB below', () => {
    const tone = sine(100, 8000, 8000);
    expect(peak(tone)).toBeCloseTo(1, 6);
    expect(dbfs(rms(tone))).toBeCloseTo(-3.0103, 4);
    expect(energy(tone)).toBeCloseTo(4000, 6);
  });

  it('of negative samples count by their size', () => {
    expect(peak(Float32Array.of(0.25, -0.5))).toBe(0.5);
  });

  it('of silence and of nothing are zero, -Infinity in dB', () => {
    expect([peak(new Float32Array(8)), rms(new Float32Array(8)), rms(new Float32Array(0))]).toEqual([
      0, 0, 0,
    ]);
    expect(dbfs(0)).toBe(-Infinity);
  });
});
