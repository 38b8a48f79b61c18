import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTail, fewestCorrect } from '../../../src-preload/contract/listening/binomial.ts';

describe('the binomial tail', () => {
  // Whole numbers over powers of two, and values as published for ABX tests.
  it.each([
    [8, 10, 56 / 1024, 0.0547],
    [9, 10, 11 / 1024, 0.0107],
    [10, 10, 1 / 1024, 0.00098],
    [12, 16, 2517 / 65_536, 0.0384],
    [0, 10, 1, 1],
    [1, 1, 0.5, 0.5],
    [0, 0, 1, 1],
  ])('of %i right in %i is exact', (correct, trials, exact, published) => {
    expect(binomialTail(correct, trials)).toBe(exact);
    expect(binomialTail(correct, trials)).toBeCloseTo(published, 4);
  });

  it('holds where numbers of ways are beyond a double', () => {
    expect(binomialTail(1000, 1000)).toBe(2 ** -1000);
    // Sums of Python's math.comb over 2 ** 1000 as fractions.
    expect(binomialTail(550, 1000)).toBeCloseTo(0.0008652680424881588, 17);
    expect(binomialTail(526, 1000)).toBeCloseTo(0.05337477101715984, 15);
    expect(binomialTail(500, 1000)).toBeCloseTo(0.5126125090891804, 15);
  });

  it('falls with every right one, and mirrors: P(X >= k) + P(X >= n - k + 1) = 1', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 1000 })
          .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 1, max: n }))),
        ([trials, correct]) => {
          const tail = binomialTail(correct, trials);
          expect(tail).toBeLessThanOrEqual(binomialTail(correct - 1, trials));
          expect(tail + binomialTail(trials - correct + 1, trials)).toBeCloseTo(1, 12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses what cannot be', () => {
    for (const [correct, trials] of [
      [11, 10],
      [-1, 10],
      [1.5, 10],
    ] as const) {
      expect(() => binomialTail(correct, trials)).toThrow(RangeError);
    }
  });

  it('says how many have to be right', () => {
    expect(fewestCorrect(10, 0.05)).toBe(9);
    expect(fewestCorrect(16, 0.05)).toBe(12);
    expect(fewestCorrect(20, 0.01)).toBe(16);
    expect(fewestCorrect(4, 0.05)).toBeNull();
  });
});
