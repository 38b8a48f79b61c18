// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignCurves } from '../../../src-renderer/components/chart/aligned-table.ts';

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

  it('is the same in the arrays of a table of before, longer or shorter', () => {
    const line = (length: number) => {
      const x = Float64Array.from({ length }, (_, index) => index);
      return { x, y: x.map((at) => (at % 3 === 2 ? Number.NaN : at)) };
    };
    const one = alignCurves([line(9), line(4)]);
    for (const lines of [
      [line(2), line(3)],
      [line(20), line(1)],
      [line(0), line(0)],
    ])
      expect(alignCurves(lines, one)).toEqual(alignCurves(lines));
    // Of another number of curves, it is made anew.
    expect(alignCurves([line(3)], one)).toEqual(alignCurves([line(3)]));
  });
});
