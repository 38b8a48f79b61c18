import { expect, it } from 'vitest';
import { extremes, formatTable, median } from './report.ts';

it('takes the middle, or the mean of the two middle ones, without reordering what it is given', () => {
  const values = [3, 1, 2];
  expect(median(values)).toBe(2);
  expect(values).toEqual([3, 1, 2]);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(() => median([])).toThrow(RangeError);
  expect(extremes(values)).toEqual([1, 3]);
});

it('prints a row with its spread and whether its target is met', () => {
  const table = formatTable([
    {
      section: 'train',
      what: 'ratio',
      value: 1.234,
      unit: 'x',
      spread: [1, 2],
      target: '>= 1.6 x',
      ok: false,
    },
    { section: 'train', what: 'twin', value: null, unit: 'x', note: 'no PyTorch' },
  ]);
  expect(table).toMatch(/ratio +1\.23 x +1 \.\. 2 +>= 1\.6 x +MISSED/);
  expect(table).toMatch(/twin +- .*no PyTorch/);
});
