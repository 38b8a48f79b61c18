import { expect, it } from 'vitest';
import { csvText } from '../../../src-preload/contract/comparison/csv.ts';
import {
  type CurveSummary,
  directionOf,
  pickValue,
} from '../../../src-preload/contract/comparison/metric-choice.ts';

const curve = (key: string): CurveSummary => ({
  split: 'validation',
  key,
  min: { step: 20, value: 0.1 },
  max: { step: 0, value: 0.9 },
  last: { step: 30, value: Number.NaN },
  at: null,
});

it('the best is the lowest loss, the highest score, and of a schedule where it stands', () => {
  expect(pickValue(curve('total'), 'best')).toEqual({ step: 20, value: 0.1 });
  expect(pickValue(curve('pesq-wb'), 'best')).toEqual({ step: 0, value: 0.9 });
  expect(pickValue(curve('learningRate'), 'best')).toEqual({ step: 30, value: Number.NaN });
  expect([directionOf('mse'), directionOf('si-sdr'), directionOf('beta')]).toEqual(['lower', 'higher', null]);
});

it('a value that is not there is null, never another', () => {
  expect(pickValue(curve('total'), 'at')).toBeNull();
  expect(pickValue(undefined, 'best')).toBeNull();
  expect(pickValue(curve('total'), 'max')).toEqual({ step: 0, value: 0.9 });
});

it('a table as CSV quotes what has to be, and leaves blanks blank', () => {
  expect(
    csvText(
      ['run', 'a,b'],
      [
        ['x "y"', null],
        [[1, 2], 0],
      ],
    ),
  ).toBe('run,"a,b"\r\n"x ""y""",\r\n"[1,2]",0\r\n');
});
