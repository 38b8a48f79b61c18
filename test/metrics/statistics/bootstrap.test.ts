import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, meanOf, medianOf } from '../../../src-main/metrics/statistics/bootstrap.ts';

describe('the bootstrap interval of a mean', () => {
  it('is that of the normal distribution for many values', () => {
    // Evenly over 0..1: standard deviation 1 / sqrt(12).
    const values = Array.from({ length: 400 }, (_, n) => (n + 0.5) / 400);
    const half = 1.96 / Math.sqrt(12 * 400);
    const found = bootstrapMean(values);
    expect(found?.low).toBeCloseTo(0.5 - half, 2);
    expect(found?.high).toBeCloseTo(0.5 + half, 2);
  });

  it('is the same each time, and another for another seed', () => {
    const values = Array.from({ length: 40 }, (_, n) => Math.sin(n * n));
    expect(bootstrapMean(values, 1)).toEqual(bootstrapMean(values, 1));
    expect(bootstrapMean(values, 1)).not.toEqual(bootstrapMean(values, 2));
  });

  it('says nothing of one value', () => {
    expect(bootstrapMean([])).toBeNull();
    expect(bootstrapMean([3])).toBeNull();
  });

  it('holds the mean between its ends, and shrinks to a point for equal values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 30 }),
        (values) => {
          const { low, high } = bootstrapMean(values)!;
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
          expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        },
      ),
      { numRuns: 40 },
    );
    const { low, high } = bootstrapMean([4, 4, 4])!;
    expect([low, high]).toEqual([4, 4]);
  });
});

it('takes means and medians of what there is', () => {
  expect(meanOf([])).toBeNull();
  expect(medianOf([])).toBeNull();
  expect(meanOf([1, 2, 6])).toBe(3);
  expect(medianOf([6, 1, 2])).toBe(2);
  expect(medianOf([1, 2, 3, 10])).toBe(2.5);
});
