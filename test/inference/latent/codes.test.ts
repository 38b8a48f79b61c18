import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClassCodes,
  deviations,
  drawAround,
  interpolateCodes,
  interpolateExtremes,
  meanCode,
} from '../../../src-main/inference/latent/codes.ts';

const group = (rows: number[][], name = 'seven'): ClassCodes => ({
  name,
  count: rows.length,
  async *codes() {
    for (const row of rows) yield Float32Array.from(row);
  },
});
const code = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 });

describe('codes around a class', () => {
  const rows = [
    [1, 2, 10],
    [3, 2, 20],
    [5, 2, 60],
  ];

  it('have the mean of the class, which is what a scale of 0 gives exactly', async () => {
    const mean = await meanCode(group(rows));
    expect([...mean]).toEqual([3, 2, 30]);
    for (const spread of ['unit', 'diagonal', 'full'] as const) {
      const draws = await drawAround(group(rows), mean, { n: 2, seed: 1, scale: 0, spread });
      expect(draws.map((draw) => [...draw])).toEqual([
        [3, 2, 30],
        [3, 2, 30],
      ]);
    }
  });

  it('are drawn by seed, name and index alone', async () => {
    const of = group(rows);
    const mean = await meanCode(of);
    for (const spread of ['unit', 'diagonal', 'full'] as const) {
      const draw = (changes: object, one = of) =>
        drawAround(one, mean, { n: 1, seed: 1, scale: 0.5, spread, ...changes });
      const [first, second] = await draw({ n: 2 });
      expect(await draw({})).toEqual([first]);
      expect(second).not.toEqual(first);
      expect(await draw({ seed: 2 })).not.toEqual([first]);
      expect(await draw({}, group(rows, 'eight'))).not.toEqual([first]);
    }
  });

  it('spread as they were told to', async () => {
    const of = group(rows);
    const mean = await meanCode(of);
    const spreadOf = async (spread: 'unit' | 'diagonal' | 'full') => {
      const draws = await drawAround(of, mean, { n: 4000, seed: 5, scale: 0.5, spread });
      const covariance = (i: number, j: number): number =>
        draws.reduce((sum, one) => sum + (one[i]! - mean[i]!) * (one[j]! - mean[j]!), 0) / draws.length;
      return {
        first: covariance(0, 0),
        second: covariance(1, 1),
        third: covariance(2, 2),
        across: covariance(0, 2),
      };
    };
    const unit = await spreadOf('unit');
    for (const value of [unit.first, unit.second, unit.third]) expect(value).toBeCloseTo(0.25, 1);
    expect(unit.across).toBeCloseTo(0, 1);
    // Variances of the class are 4, 0 and 700, a covariance of 50: a quarter of them at a scale of 0.5.
    expect([...(await deviations(of, mean))].map((value) => value ** 2)).toEqual([
      4,
      0,
      expect.closeTo(700, 2),
    ]);
    const diagonal = await spreadOf('diagonal');
    expect(diagonal.first).toBeCloseTo(1, 0);
    expect(diagonal.second).toBe(0);
    expect(diagonal.third / 175).toBeCloseTo(1, 1);
    expect(Math.abs(diagonal.across)).toBeLessThan(1);
    const full = await spreadOf('full');
    expect(full.third / 175).toBeCloseTo(1, 1);
    expect(full.across / 12.5).toBeCloseTo(1, 1);
    expect(full.second).toBe(0);
  });
});

describe('codes between two clips', () => {
  it('begin and end at the two exactly, whichever way', () => {
    fc.assert(
      fc.property(
        code,
        code,
        fc.integer({ min: 2, max: 9 }),
        fc.constantFrom('linear', 'spherical'),
        (a, b, steps, way) => {
          const [from, to] = [Float32Array.from(a), Float32Array.from(b)];
          const codes = interpolateCodes(from, to, steps, way);
          expect([...codes.subarray(0, 3)]).toEqual([...from]);
          expect([...codes.subarray(3 * (steps - 1))]).toEqual([...to]);
          expect(codes.every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });

  it('go straight, or along the arc without getting shorter', () => {
    const [from, to] = [Float32Array.of(2, 0), Float32Array.of(0, 2)];
    expect([...interpolateCodes(from, to, 3, 'linear').subarray(2, 4)]).toEqual([1, 1]);
    const middle = interpolateCodes(from, to, 3, 'spherical').subarray(2, 4);
    expect([...middle]).toEqual([expect.closeTo(Math.SQRT2, 6), expect.closeTo(Math.SQRT2, 6)]);
    // No arc leads from nothing, or to the opposite side.
    expect([...interpolateCodes(Float32Array.of(0, 0), to, 3, 'spherical').subarray(2, 4)]).toEqual([0, 1]);
    expect([...interpolateCodes(from, Float32Array.of(-2, 0), 3, 'spherical').subarray(2, 4)]).toEqual([
      0, 0,
    ]);
  });

  it('take levels in equal steps of dB', () => {
    const [from, to] = [
      { minDb: -80, maxDb: 0 },
      { minDb: -60, maxDb: 10 },
    ];
    expect(interpolateExtremes(from, to, 0)).toEqual(from);
    expect(interpolateExtremes(from, to, 0.5)).toEqual({ minDb: -70, maxDb: 5 });
    expect(interpolateExtremes(from, to, 1)).toEqual(to);
  });
});
