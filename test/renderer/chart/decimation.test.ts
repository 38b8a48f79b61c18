// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate } from '../../../src-renderer/components/chart/decimation.ts';

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
          const drawn = decimate(x, y, { from, to, columns });
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

  it('keeps every spike on a logarithmic x as well, and no more than five points a column', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 1, max: 50 }), ({ x, y }, columns) => {
        const to = (x.at(-1) ?? 0) + 1;
        const drawn = decimate(x, y, { from: 1, to, columns, logX: true });
        const inView = finite([...y].filter((_, index) => (x[index] ?? 0) >= 1));
        const kept = finite([...drawn.y].filter((_, index) => (drawn.x[index] ?? 0) >= 1));
        expect(drawn.x.length).toBeLessThanOrEqual(5 * (columns + 3));
        if (inView.length === 0) return;
        expect(Math.min(...kept) + 0).toBe(Math.min(...inView) + 0);
        expect(Math.max(...kept) + 0).toBe(Math.max(...inView) + 0);
      }),
    );
  });

  it('leaves out what a logarithmic y cannot show, and says so, but marks only what is no number', () => {
    const x = Float64Array.from([0, 1, 2, 3]);
    const y = Float64Array.from([4, -1, 0, 2]);
    const drawn = decimate(x, y, { from: 0, to: 3, columns: 50, above: 0 });
    expect(drawn.hidden).toBe(true);
    expect(drawn.marks).toHaveLength(0);
    expect(finite(drawn.y)).toEqual([4, 2]);
  });

  it('only draws points of the curve, in their order', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 1, max: 50 }), ({ x, y }, columns) => {
        const drawn = decimate(x, y, { from: x[0] ?? 0, to: x.at(-1) ?? 0, columns });
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
        const drawn = decimate(x, y, { from: x[0] ?? 0, to: x.at(-1) ?? 0, columns: 20 });
        expect(drawn.marks.length > 0).toBe([...y].some((value) => !Number.isFinite(value)));
        expect([...drawn.y].filter(Number.isNaN)).toHaveLength(drawn.marks.length);
      }),
    );
  });

  it('draws 100,000 points as at most five a column', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, index) => index);
    const y = x.map((at) => (at === 54_321 ? 1e9 : Math.sin(at)));
    const drawn = decimate(x, y, { from: 0, to: 99_999, columns: 800 });
    expect(drawn.x.length).toBeLessThanOrEqual(801 * 5);
    expect(Math.max(...drawn.y)).toBe(1e9);
  });

  it('keeps one point on either side of the view, so that lines reach its edges', () => {
    const x = Float64Array.from([0, 10, 20, 30]);
    const drawn = decimate(x, x, { from: 12, to: 18, columns: 100 });
    expect([...drawn.x]).toEqual([10, 20]);
  });

  it('draws nothing of an empty curve, and the one point of a short one', () => {
    expect(decimate(new Float64Array(), new Float64Array(), { from: 0, to: 1, columns: 100 }).x).toHaveLength(
      0,
    );
    const one = Float64Array.from([5]);
    expect([...decimate(one, one, { from: 5, to: 5, columns: 100 }).y]).toEqual([5]);
  });
});
