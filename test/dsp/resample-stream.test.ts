import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResampleStream } from '../../src-main/dsp/resample-stream.ts';
import { resample } from '../../src-main/dsp/resample.ts';
import { maxDifference, noise } from '../helpers/signals.ts';

const rate = fc.constantFrom(8000, 11_025, 16_000, 22_050, 44_100, 48_000);

describe('ResampleStream', () => {
  it('gives what resampling the whole gives, however it is cut', () => {
    fc.assert(
      fc.property(rate, rate, fc.nat(400_000), fc.nat(50_000), (fromHz, toHz, length, cut) => {
        const signal = Float32Array.from(noise(length));
        const stream = new ResampleStream(fromHz, toHz);
        const pieces: number[] = [];
        for (let from = 0; from < length; from += cut + 1) {
          for (const value of stream.push(signal.subarray(from, from + cut + 1))) pieces.push(value);
        }
        for (const value of stream.end()) pieces.push(value);
        const whole = resample(signal, fromHz, toHz);
        expect(pieces).toHaveLength(whole.length);
        expect(maxDifference(Float32Array.from(pieces), whole)).toBeLessThan(1e-6);
      }),
      { numRuns: 12 },
    );
  });
});
