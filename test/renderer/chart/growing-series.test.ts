// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GrowingSeries,
  type SeriesRows,
  lowerBound,
  nearestIndex,
} from '../../../src-renderer/components/chart/growing-series.ts';

function rows(
  steps: number[],
  value: (step: number) => number = (step) => step,
  processFrom = 0,
): SeriesRows {
  return {
    steps: Float64Array.from(steps),
    values: Float64Array.from(steps, value),
    epochs: Float64Array.from(steps, () => 1),
    wallMs: Float64Array.from(steps, (step) => 1000 + step),
    processMs: Float64Array.from(steps, (_, index) => processFrom + index * 10),
  };
}

const batches = fc.array(
  fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 40 })).map(([from, count]) => ({ from, count })),
  { maxLength: 12 },
);

describe('a growing series', () => {
  it('has strictly increasing steps and the last value told for each, whatever goes back', () => {
    fc.assert(
      fc.property(batches, (told) => {
        const series = new GrowingSeries('train', 'total', 4);
        let expected = new Map<number, number>();
        told.forEach(({ from, count }, batch) => {
          const steps = Array.from({ length: count }, (_, index) => from + index);
          series.append(rows(steps, (step) => batch * 1000 + step));
          expected = new Map([...expected].filter(([step]) => step < from));
          for (const step of steps) expected.set(step, batch * 1000 + step);
        });
        expect([...series.column('steps')]).toEqual([...expected.keys()]);
        expect([...series.column('values')]).toEqual([...expected.values()]);
      }),
    );
  });

  it('never lets the time of the processes go back', () => {
    fc.assert(
      fc.property(batches, (told) => {
        const series = new GrowingSeries('train', 'total', 4);
        for (const { from, count } of told) {
          series.append(rows(Array.from({ length: count }, (_, index) => from + index)));
        }
        const spent = series.column('processMs');
        for (let row = 1; row < spent.length; row++)
          expect(spent[row]).toBeGreaterThanOrEqual(spent[row - 1] ?? 0);
      }),
    );
  });

  it('adds up what the processes of a resumed run have spent', () => {
    const series = new GrowingSeries('train', 'total');
    series.append(rows([1, 2, 3], undefined, 0)); // 0, 10, 20
    series.append(rows([4, 5], undefined, 5)); // a new process: 5, 15
    expect([...series.column('processMs')]).toEqual([0, 10, 20, 25, 35]);
  });

  it('takes rows told twice for the same rows, not for a new process', () => {
    const series = new GrowingSeries('train', 'total');
    series.append(rows([1, 2, 3]));
    series.append({ ...rows([2, 3, 4]), processMs: Float64Array.from([10, 20, 30]) });
    expect([...series.column('processMs')]).toEqual([0, 10, 20, 30]);
  });

  it('says when rows that were there have changed, and only then', () => {
    const series = new GrowingSeries('train', 'total');
    series.append(rows([1, 2]));
    series.append(rows([3]));
    expect(series.rewrites).toBe(0);
    series.append(rows([2]));
    expect(series.rewrites).toBe(1);
    expect(series.length).toBe(2);
  });

  it('keeps values that are no numbers', () => {
    const series = new GrowingSeries('train', 'total');
    series.append(rows([1, 2, 3], (step) => (step === 2 ? Number.NaN : Infinity)));
    expect([...series.column('values')]).toEqual([Infinity, Number.NaN, Infinity]);
  });
});

describe('searching a column', () => {
  const ascending = fc.array(fc.integer({ min: -1000, max: 1000 })).map((list) => list.sort((a, b) => a - b));

  it('finds the first value that is not below', () => {
    fc.assert(
      fc.property(ascending, fc.integer({ min: -1100, max: 1100 }), (list, wanted) => {
        const at = lowerBound(list, list.length, wanted);
        expect(list.slice(0, at).every((value) => value < wanted)).toBe(true);
        expect(list.slice(at).every((value) => value >= wanted)).toBe(true);
      }),
    );
  });

  it('finds a nearest value', () => {
    fc.assert(
      fc.property(ascending, fc.integer({ min: -1100, max: 1100 }), (list, wanted) => {
        const at = nearestIndex(list, list.length, wanted);
        const distance = Math.min(...list.map((value) => Math.abs(value - wanted)));
        if (list.length === 0) expect(at).toBe(-1);
        else expect(Math.abs((list[at] ?? Infinity) - wanted)).toBe(distance);
      }),
    );
  });
});
