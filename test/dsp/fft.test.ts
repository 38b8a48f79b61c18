import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPowerOfTwo, RealFft, realFft } from '../../src-main/dsp/fft.ts';
import { maxDifference, noise } from '../helpers/signals.ts';

function transform(input: Float64Array): { re: Float64Array; im: Float64Array } {
  const fft = realFft(input.length);
  const re = new Float64Array(fft.bins);
  const im = new Float64Array(fft.bins);
  fft.forward(input, re, im);
  return { re, im };
}

const sizes = [4, 8, 16, 32, 64, 128, 512, 1024];

describe('RealFft', () => {
  it.each(sizes)('equals the defining sum at size %i', (size) => {
    const input = noise(size);
    const { re, im } = transform(input);
    for (let k = 0; k <= size / 2; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (let n = 0; n < size; n++) {
        // The product is reduced first: the reference must not lose digits in a large angle.
        const angle = (2 * Math.PI * ((k * n) % size)) / size;
        sumRe += input[n]! * Math.cos(angle);
        sumIm -= input[n]! * Math.sin(angle);
      }
      expect(Math.hypot(re[k]! - sumRe, im[k]! - sumIm)).toBeLessThan(1e-13 * size);
    }
  });

  it('inverts itself, for any signal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sizes), fc.integer({ min: 0, max: 1000 }), (size, seed) => {
        const input = noise(size, seed);
        const { re, im } = transform(input);
        const output = new Float64Array(size);
        realFft(size).inverse(re, im, output);
        expect(maxDifference(output, input)).toBeLessThan(1e-14);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the energy (Parseval)', () => {
    const input = noise(512);
    const { re, im } = transform(input);
    const inTime = input.reduce((sum, x) => sum + x * x, 0);
    let inFrequency = 0;
    for (let k = 0; k <= 256; k++) inFrequency += (k % 256 === 0 ? 1 : 2) * (re[k]! ** 2 + im[k]! ** 2);
    expect(inFrequency / 512 / inTime).toBeCloseTo(1, 12);
  });

  it('ignores the imaginary parts at DC and Nyquist in the inverse, as numpy does', () => {
    const { re, im } = transform(noise(16));
    const [clean, disturbed] = [new Float64Array(16), new Float64Array(16)];
    realFft(16).inverse(re, im, clean);
    im[0] = 3;
    im[8] = -2;
    realFft(16).inverse(re, im, disturbed);
    expect(disturbed).toEqual(clean);
  });

  it.each([0, 2, 3, 12, 500, -8, 4.5, NaN])('refuses a size of %d', (size) => {
    expect(() => new RealFft(size)).toThrow(RangeError);
  });

  it('finds the next power of two', () => {
    expect([0, 1, 2, 3, 512, 513].map(nextPowerOfTwo)).toEqual([1, 1, 2, 4, 512, 1024]);
  });
});
