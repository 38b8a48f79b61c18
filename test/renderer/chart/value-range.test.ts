import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linearRange } from '../../../src-renderer/components/chart/value-range.ts';

it('holds the values, and is wide enough for ticks that are numbers of their own', () => {
  const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [bottom, top] = [Math.min(a, b), Math.max(a, b)];
      const [low, high] = linearRange(bottom, top);
      expect(low).toBeLessThanOrEqual(bottom);
      expect(high).toBeGreaterThanOrEqual(top);
      expect(high - low).toBeGreaterThan(1e-10 * Math.max(Math.abs(bottom), Math.abs(top)));
      expect(high).toBeGreaterThan(low);
    }),
  );
});

it('draws what differs by rounding alone as constant', () => {
  const [low, high] = linearRange(5e-4, 5e-4 + 2e-19);
  expect(low).toBeCloseTo(4.75e-4, 9);
  expect(high).toBeCloseTo(5.25e-4, 9);
  expect(linearRange(0, 0)).toEqual([-1, 1]);
});
