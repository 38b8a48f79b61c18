import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../src-main/projection/eigen.ts';
import { principalComponents } from '../../src-main/projection/pca.ts';

const rows = (list: number[][]) => ({
  data: Float32Array.from(list.flat()),
  count: list.length,
  dimensions: list[0]?.length ?? 0,
});

describe('symmetricEigen', () => {
  it('knows the eigenvalues of a matrix of two by two', () => {
    const { values, vectors } = symmetricEigen(Float64Array.from([2, 1, 1, 2]), 2);
    expect([...values]).toEqual([expect.closeTo(3, 12), expect.closeTo(1, 12)]);
    expect(Math.abs(vectors[0]!)).toBeCloseTo(Math.SQRT1_2, 12);
    expect(vectors[0]).toBeCloseTo(vectors[1]!, 12);
  });

  it('gives 2 - 2 cos(k pi / (n + 1)) for the second difference of n points', () => {
    const n = 24;
    const matrix = new Float64Array(n * n);
    for (let at = 0; at < n; at++) {
      matrix[at * n + at] = 2;
      if (at > 0) matrix[at * n + at - 1] = matrix[(at - 1) * n + at] = -1;
    }
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1)));
    const { values } = symmetricEigen(matrix, n);
    for (const [at, value] of values.entries()) expect(value).toBeCloseTo(expected[at]!, 12);
  });

  it('takes any symmetric matrix apart and puts it together again', () => {
    const symmetric = fc.integer({ min: 1, max: 9 }).chain((n) =>
      fc
        .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: n * n, maxLength: n * n })
        .map((list) => ({
          n,
          matrix: list.map((_, at) => list[Math.min(at, (at % n) * n + Math.floor(at / n))]!),
        })),
    );
    fc.assert(
      fc.property(symmetric, ({ n, matrix }) => {
        const { values, vectors } = symmetricEigen(Float64Array.from(matrix), n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let value = 0;
            let dot = 0;
            for (let k = 0; k < n; k++) {
              value += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
              dot += vectors[i * n + k]! * vectors[j * n + k]!;
            }
            expect(value).toBeCloseTo(matrix[i * n + j]!, 9);
            expect(dot).toBeCloseTo(i === j ? 1 : 0, 9);
          }
          if (i > 0) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('principalComponents', () => {
  it('finds the line that points lie on, and explains all by it', () => {
    const { axes, explained, scores, variances } = principalComponents(
      rows([-2, -1, 0, 1, 2].map((t) => [3 * t + 1, 4 * t - 7])),
      2,
    );
    expect([...axes.subarray(0, 2)]).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.8, 12)]);
    expect(explained[0]).toBeCloseTo(1, 12);
    expect(variances[0]).toBeCloseTo(25 * 2.5, 9);
    expect([...scores].filter((_, at) => at % 2 === 0)).toEqual(
      [-10, -5, 0, 5, 10].map((s) => expect.closeTo(s, 5)),
    );
  });

  it('explains equal shares of a cross, and nothing of points that are all the same', () => {
    const cross = principalComponents(
      rows([
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ]),
      2,
    );
    expect([...cross.explained]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)]);
    const same = principalComponents(
      rows([
        [3, 4],
        [3, 4],
      ]),
      2,
    );
    expect([...same.explained, ...same.scores]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('keeps all distances where all components are kept', () => {
    const list = Array.from({ length: 7 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 3, Math.sin(i * i)]);
    const { scores } = principalComponents(rows(list), 4);
    const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Math.hypot(...Array.from(a, (value, at) => value - b[at]!));
    for (let i = 1; i < 7; i++) {
      expect(distance(scores.subarray(4 * i, 4 * i + 4), scores.subarray(0, 4))).toBeCloseTo(
        distance(list[i]!, list[0]!),
        5,
      );
    }
  });
});
