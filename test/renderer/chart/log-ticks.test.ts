// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logTicks } from '../../../src-renderer/components/chart/log-ticks.ts';

describe('ticks of a logarithmic axis', () => {
  it('are round, whatever the ends of the axis are', () => {
    expect(logTicks(26_194, 702_331)).toEqual([3e4, 5e4, 7e4, 1e5, 2e5, 3e5, 5e5, 7e5]);
    expect(logTicks(1, 72)).toEqual([1, 2, 5, 10, 20, 50]);
    expect(logTicks(0.07, 0.4)).toEqual([0.07, 0.1, 0.2, 0.3]);
    expect(logTicks(1, 1e6)).toEqual([1, 10, 100, 1000, 1e4, 1e5, 1e6]);
    expect(logTicks(95, 105)).toEqual([95, 100, 105]);
  });

  it('are none of what has no logarithm, or no extent', () => {
    expect(logTicks(0, 10)).toEqual([]);
    expect(logTicks(-1, 10)).toEqual([]);
    expect(logTicks(5, 5)).toEqual([]);
    expect(logTicks(1, Infinity)).toEqual([]);
    expect(logTicks(Number.NaN, 1)).toEqual([]);
  });

  it('lie on the axis, ascending, two at least and not too many', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -12, max: 12, noNaN: true }),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        (power, decades) => {
          const [low, high] = [10 ** power, 10 ** (power + decades)];
          const ticks = logTicks(low, high);
          expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
          for (const tick of ticks) expect(tick >= low * 0.999_999 && tick <= high * 1.000_001).toBe(true);
          expect(ticks.length).toBeGreaterThanOrEqual(decades > 2.1 ? 2 : 1);
          expect(ticks.length).toBeLessThanOrEqual(12);
        },
      ),
    );
  });
});
