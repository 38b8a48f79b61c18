import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedRank } from '../../../src-main/metrics/statistics/wilcoxon.ts';

describe('the signed-rank test', () => {
  // Darwin's plants, the example of every textbook; p of the exact distribution as statistics packages give it.
  it('gives the exact p of small samples without ties', () => {
    const darwin = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
    const found = signedRank(darwin);
    expect(found).toMatchObject({ positiveRankSum: 96, n: 15, method: 'exact' });
    expect(found?.pValue).toBeCloseTo(0.041259765625, 12);
    expect(signedRank([1.5, -0.5, 2.5, 3.5, -1, 4])?.pValue).toBeCloseTo(0.15625, 12);
  });

  it('corrects the normal approximation for ties and continuity, and leaves zeros out', () => {
    const tied = signedRank([1, 1, 2, 2, -1, 3, 3, -2, 4, 5, 0, 0]);
    expect(tied).toMatchObject({ n: 10, method: 'normal' });
    expect(tied?.pValue).toBeCloseTo(0.04030513050073345, 9);
    const many = Array.from({ length: 80 }, (_, i) => (((i * 37) % 101) - 40) / 7);
    expect(signedRank(many)?.pValue).toBeCloseTo(0.005844114716713923, 9);
  });

  it('has nothing to say where nothing differs', () => {
    expect(signedRank([])).toBeNull();
    expect(signedRank([0, 0, 0])).toBeNull();
  });

  it('does not care which of the two came first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 80 }), (values) => {
        const there = signedRank(values);
        const back = signedRank(values.map((value) => -value));
        expect(back?.pValue).toEqual(there?.pValue);
        if (there) {
          expect(there.pValue).toBeGreaterThan(0);
          expect(there.pValue).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('meets the normal approximation where the exact one ends', () => {
    const fifty = Array.from({ length: 50 }, (_, i) => (i + 1) * (i % 3 === 0 ? -1 : 1));
    const exact = signedRank(fifty);
    const normal = signedRank([...fifty, 51]);
    expect(exact?.method).toBe('exact');
    expect(normal?.method).toBe('normal');
    expect(Math.abs((exact?.pValue ?? 0) - (normal?.pValue ?? 1))).toBeLessThan(0.02);
  });
});
