import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slopeOf } from './slope.ts';

const samples = (value: (minute: number) => number, count = 240) =>
  Array.from({ length: count }, (_, at) => ({ minute: at / 60, value: value(at / 60) }));

it('finds the slope of a line exactly, and no noise in it', () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (slope) => {
      const found = slopeOf(samples((minute) => 300 + slope * minute));
      expect(found.perMinute).toBeCloseTo(slope, 6);
      expect(found.noise).toBeCloseTo(0, 5);
    }),
  );
});

it('does not take the saw teeth of a garbage collector for growth', () => {
  const { perMinute, noise } = slopeOf(samples((minute) => 300 + 40 * ((minute * 1.7) % 1)));
  expect(Math.abs(perMinute)).toBeLessThan(noise);
});

it('refuses to tell from next to nothing', () => {
  expect(() => slopeOf(samples(() => 1, 5))).toThrow(RangeError);
});
