import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differenceScale,
  levelDifference,
  mostDifferenceDb,
} from '../../src-main/analyst/level-difference.ts';

const clip = (db: number[], minDb = -100, maxDb = 20) => ({
  features: Float64Array.from(db, (one) => (one - minDb) / (maxDb - minDb)),
  minDb,
  maxDb,
});
const shown = (level: number): number =>
  differenceScale.minDb + (level / 255) * (differenceScale.maxDb - differenceScale.minDb);

describe('the difference of levels', () => {
  it('is 0 dB exactly where nothing differs, whatever each clip calls 0 and 1', () => {
    const { levels, rmsDb, meanDb } = levelDifference(clip([-60, 0]), clip([-60, 0], -80, 10));
    for (const level of levels) expect(shown(level)).toBeCloseTo(0, 9);
    expect(rmsDb).toBeCloseTo(0, 9);
    expect(meanDb).toBeCloseTo(0, 9);
  });

  it('is above 0 where the estimate is louder, and ends at the ends of its scale', () => {
    const { levels, meanDb, rmsDb } = levelDifference(clip([-40, -40, -90, 0]), clip([-34, -50, 0, -90]));
    const [louder, quieter, most, least] = [...levels].map(shown) as [number, number, number, number];
    expect(Math.abs(louder - 6)).toBeLessThan(0.13);
    expect(Math.abs(quieter + 10)).toBeLessThan(0.13);
    expect(most).toBeCloseTo(mostDifferenceDb, 9);
    expect(least).toBeCloseTo(-mostDifferenceDb, 9);
    expect(meanDb).toBeCloseTo(-1, 9);
    expect(rmsDb).toBeCloseTo(Math.sqrt((36 + 100 + 2 * 8100) / 4), 9);
  });

  it('changes its sign, and nothing else, when the two change places', () => {
    const some = fc.array(fc.integer({ min: -100, max: 20 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(some, some, (one, other) => {
        const size = Math.min(one.length, other.length);
        const [a, b] = [clip(one.slice(0, size)), clip(other.slice(0, size))];
        const [there, back] = [levelDifference(a, b), levelDifference(b, a)];
        // Half a level rounds up both ways.
        there.levels.forEach((level, at) =>
          expect(Math.abs(level - 128 + (back.levels[at] ?? 0) - 128)).toBeLessThanOrEqual(1),
        );
        expect(there.meanDb).toBeCloseTo(-back.meanDb, 9);
        expect(there.rmsDb).toBeCloseTo(back.rmsDb, 9);
      }),
    );
  });

  it('refuses clips of two sizes', () => {
    expect(() => levelDifference(clip([0]), clip([0, 1]))).toThrow(RangeError);
  });
});
