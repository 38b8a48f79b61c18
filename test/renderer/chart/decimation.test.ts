// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignCurves, decimate } from '../../../src-renderer/components/chart/decimation.ts';

const curve = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 3 }),
      y: fc.oneof(
        { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
        { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity) },
      ),
    }),
    { minLength: 1, maxLength: 400 },
  )
  .map((points) => {
    let at = 0;
    const x = Float64Array.from(points, (point) => (at += point.gap));
    return { x, y: Float64Array.from(points, (point) => point.y) };
  });

const finite = (values: Iterable<number>): number[] => [...values].filter(Number.isFinite);

describe('decimation', () => {
  it('keeps the lowest and the highest value of what is in view, however few columns there are', () => {
    fc.assert(
      fc.property(
        curve,
        fc.nat(300),
        fc.nat(300),
        fc.integer({ min: 1, max: 50 }),
        ({ x, y }, a, b, columns) => {
          const from = Math.min(a, b);
          const to = Math.max(a, b) + 1;
          const drawn = decimate(x, y, from, to, columns);
          const inView = finite(
            [...y].filter((_, index) => (x[index] ?? 0) >= from && (x[index] ?? 0) <= to),
          );
          const kept = finite(
            [...drawn.y].filter((_, index) => (drawn.x[index] ?? 0) >= from && (drawn.x[index] ?? 0) <= to),
          );
          if (inView.length === 0) return;
          // Zero has two signs, and either is as low.
          expect(Math.min(...kept) + 0).toBe(Math.min(...inView) + 0);
          expect(Math.max(...kept) + 0).toBe(Math.max(...inView) + 0);
        },
      ),
    );
  });

  it('only draws points of the curve, in their order', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 1, max: 50 }), ({ x, y }, columns) => {
        const drawn = decimate(x, y, x[0] ?? 0, x.at(-1) ?? 0, columns);
        let source = 0;
        for (let at = 0; at < drawn.x.length; at++) {
          const value = drawn.y[at] ?? Number.NaN;
          const isPoint = (index: number): boolean =>
            x[index] === drawn.x[at] &&
            (Number.isNaN(value) ? !Number.isFinite(y[index]) : y[index] === value);
          while (source < x.length && !isPoint(source)) source++;
          expect(source).toBeLessThan(x.length);
          source++;
        }
      }),
    );
  });

  it('marks every column that holds a value that is no number, and interrupts the line there', () => {
    fc.assert(
      fc.property(curve, ({ x, y }) => {
        const drawn = decimate(x, y, x[0] ?? 0, x.at(-1) ?? 0, 20);
        expect(drawn.marks.length > 0).toBe([...y].some((value) => !Number.isFinite(value)));
        expect([...drawn.y].filter(Number.isNaN)).toHaveLength(drawn.marks.length);
      }),
    );
  });

  it('draws 100,000 points as at most five a column', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, index) => index);
    const y = x.map((at) => (at === 54_321 ? 1e9 : Math.sin(at)));
    const drawn = decimate(x, y, 0, 99_999, 800);
    expect(drawn.x.length).toBeLessThanOrEqual(801 * 5);
    expect(Math.max(...drawn.y)).toBe(1e9);
  });

  it('keeps one point on either side of the view, so that lines reach its edges', () => {
    const x = Float64Array.from([0, 10, 20, 30]);
    const drawn = decimate(x, x, 12, 18, 100);
    expect([...drawn.x]).toEqual([10, 20]);
  });

  it('draws nothing of an empty curve, and the one point of a short one', () => {
    expect(decimate(new Float64Array(), new Float64Array(), 0, 1, 100).x).toHaveLength(0);
    const one = Float64Array.from([5]);
    expect([...decimate(one, one, 5, 5, 100).y]).toEqual([5]);
  });
});

describe('one table of several curves', () => {
  it('has every point of every curve, in order of x', () => {
    const distinct = fc
      .uniqueArray(fc.nat(200), { maxLength: 30 })
      .map((list) => Float64Array.from(list.sort((a, b) => a - b)));
    fc.assert(
      fc.property(fc.array(distinct, { minLength: 1, maxLength: 4 }), (lists) => {
        const table = alignCurves(lists.map((x) => ({ x, y: x.map((at) => at * 2) })));
        expect(table.x).toEqual([...new Set(lists.flatMap((list) => [...list]))].sort((a, b) => a - b));
        lists.forEach((list, index) => {
          const values = table.curves[index]?.filter((value) => typeof value === 'number');
          expect(values).toEqual([...list].map((at) => at * 2));
        });
      }),
    );
  });

  it('leaves a line whole over rows of other curves, and interrupts it from value to value at a gap', () => {
    const table = alignCurves([
      { x: Float64Array.from([0, 4, 6, 9]), y: Float64Array.from([1, Number.NaN, 2, 3]) },
      { x: Float64Array.from([1, 5, 7]), y: Float64Array.from([1, 1, 1]) },
    ]);
    expect(table.x).toEqual([0, 1, 4, 5, 6, 7, 9]);
    expect(table.curves[0]).toEqual([1, null, null, null, 2, undefined, 3]);
    expect(table.curves[1]).toEqual([undefined, 1, undefined, 1, undefined, 1, undefined]);
  });

  it('keeps several points at the same place', () => {
    const table = alignCurves([{ x: Float64Array.from([1, 1, 1]), y: Float64Array.from([3, 1, 2]) }]);
    expect(table).toEqual({ x: [1, 1, 1], curves: [[3, 1, 2]] });
  });
});
