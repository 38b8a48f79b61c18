import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOf, fencesOf, quantile } from '../../src-main/corpora/distribution.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('how numbers lie', () => {
  it('quantiles are those of numpy.quantile', () => {
    const sorted = Float64Array.of(1, 2, 4, 8, 16);
    expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((share) => quantile(sorted, share))).toEqual([
      1, 1.4, 2, 4, 12.8, 16,
    ]);
    expect(quantile(Float64Array.of(3), 0.7)).toBe(3);
  });

  it('a box holds its parts in order, and a quarter of the numbers beyond each quartile', () => {
    fc.assert(
      fc.property(values, (some) => {
        const box = boxOf(Float64Array.from(some));
        if (!box) throw new Error('no box');
        const order = [
          box.min,
          box.lowWhisker,
          box.lowQuartile,
          box.median,
          box.highQuartile,
          box.highWhisker,
          box.max,
        ];
        for (const [at, value] of order.entries()) {
          if (at > 0) expect(value).toBeGreaterThanOrEqual((order[at - 1] ?? 0) - 1e-6);
        }
        // Interpolated quartiles lie between two numbers, so that a quarter is a quarter and at most one more.
        const quarter = 0.25 * (some.length - 1) + 1;
        expect(some.filter((value) => value < box.lowQuartile - 1e-6).length).toBeLessThanOrEqual(quarter);
        expect(some.filter((value) => value > box.highQuartile + 1e-6).length).toBeLessThanOrEqual(quarter);
      }),
    );
  });

  it('fences widen with the factor, and nothing has no box', () => {
    expect(fencesOf({ lowQuartile: 10, highQuartile: 14 }, 1.5)).toEqual({ low: 4, high: 20 });
    expect(boxOf(new Float64Array(0))).toBeNull();
  });
});
