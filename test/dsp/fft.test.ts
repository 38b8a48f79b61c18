import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPowerOfTwo, realFft } from '../../src-main/dsp/fft.ts';
import { maxDifference, noise } from '../helpers/signals.ts';

function transform(input: Float64Array): { re: Float64Array; im: Float64Array } {
  const fft = realFft(input.length);
  const re = new Float64Array(fft.bins);
  const im = new Float64Array(fft.bins);
  fft.forward(input, re, im);
  return { re, im };
}

/** Powers of two; even and odd lengths of small factors (400: 25 ms at 16 kHz); primes; a large prime twice. */
const sizes = [
  1, 2, 3, 4, 5, 6, 8, 9, 15, 16, 32, 60, 61, 64, 67, 100, 128, 134, 200, 400, 441, 512, 1009, 1024,
];

describe('realFft', () => {
  it.each(sizes)('equals the defining sum at size %i', (size) => {
    const input = noise(size);
    const { re, im } = transform(input);
    for (let k = 0; k < realFft(size).bins; k++) {
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

  it('keeps the energy (Parseval), at any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(1000), (size, seed) => {
        const input = noise(size, seed);
        const { re, im } = transform(input);
        const inTime = input.reduce((sum, x) => sum + x * x, 0);
        let inFrequency = 0;
        re.forEach((real, k) => {
          const alone = k === 0 || 2 * k === size;
          inFrequency += (alone ? 1 : 2) * (real ** 2 + im[k]! ** 2);
        });
        expect(inFrequency / size / inTime).toBeCloseTo(1, 11);
      }),
    );
  });

  it('turns a delay into a phase, at any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(299), fc.nat(1000), (size, by, seed) => {
        const input = noise(size, seed);
        const delay = by % size;
        const { re, im } = transform(input);
        const moved = transform(input.map((_, n) => input[(n - delay + size) % size]!));
        re.forEach((real, k) => {
          const angle = (2 * Math.PI * ((k * delay) % size)) / size;
          expect(moved.re[k]).toBeCloseTo(real * Math.cos(angle) + im[k]! * Math.sin(angle), 10);
          expect(moved.im[k]).toBeCloseTo(im[k]! * Math.cos(angle) - real * Math.sin(angle), 10);
        });
      }),
    );
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

  it.each([0, -8, 4.5, NaN, Infinity])('refuses a size of %d', (size) => {
    expect(() => realFft(size)).toThrow(RangeError);
  });

  it('finds the next power of two', () => {
    expect([0, 1, 2, 3, 512, 513].map(nextPowerOfTwo)).toEqual([1, 1, 2, 4, 512, 1024]);
  });
});
