// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Smoothing } from '../../../src-renderer/components/chart/smoothing.ts';

const values = fc.array(fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constant(Number.NaN)), {
  maxLength: 60,
});

describe('smoothing', () => {
  it('gives the same however the curve arrived', () => {
    fc.assert(
      fc.property(
        values,
        fc.nat(60),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (list, cut, weight) => {
          const raw = Float64Array.from(list);
          const live = new Smoothing(weight);
          live.extend(raw.subarray(0, Math.min(cut, raw.length)));
          expect([...live.extend(raw)]).toEqual([...new Smoothing(weight).extend(raw)]);
        },
      ),
    );
  });

  it('stays within the values, and leaves a constant as it is', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (list, weight) => {
        const finite = list.filter(Number.isFinite);
        for (const value of new Smoothing(weight).extend(Float64Array.from(list))) {
          if (Number.isNaN(value)) continue;
          expect(value).toBeGreaterThanOrEqual(Math.min(...finite) - 1e-6);
          expect(value).toBeLessThanOrEqual(Math.max(...finite) + 1e-6);
        }
      }),
    );
    for (const value of new Smoothing(0.9).extend(new Float64Array(50).fill(3)))
      expect(value).toBeCloseTo(3, 10);
  });

  it('keeps gaps as gaps and goes on behind them', () => {
    const smooth = [...new Smoothing(0.5).extend(Float64Array.from([2, Number.NaN, 2]))];
    expect(smooth).toEqual([2, Number.NaN, 2]);
  });

  it('starts anew where the curve became shorter', () => {
    const smoothing = new Smoothing(0.5);
    smoothing.extend(Float64Array.from([1, 2, 3]));
    expect([...smoothing.extend(Float64Array.from([5]))]).toEqual([5]);
  });

  it('is nothing at weight 0, and refuses a weight that would flatten everything', () => {
    const raw = Float64Array.from([1, 2]);
    expect(new Smoothing(0).extend(raw)).toBe(raw);
    expect(() => new Smoothing(1)).toThrow(RangeError);
    expect(() => new Smoothing(-0.1)).toThrow(RangeError);
  });
});
