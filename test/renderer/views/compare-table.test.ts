import { factTitle } from '../../../src-preload/contract/comparison/fact-titles.ts';
import { expect, it } from 'vitest';
import type { ComparedRun } from '../../../src-preload/contract/commands/runs-compare.ts';
import {
  factText,
  metricColumns,
  metricValue,
  standardMetrics,
  wideCsv,
  wideJson,
} from '../../../src-renderer/views/compare/compare-table.ts';

function compared(name: string, facts: Record<string, unknown>, value: number): ComparedRun {
  const metric = (split: string, key: string) => ({
    ...{ split, key, rows: 3, at: null },
    min: { step: 20, value },
    max: { step: 1, value: 9 },
    last: { step: 30, value: value + 1 },
  });
  return {
    ...{ run: `id-${name}`, name, step: null, preset: 'p', state: 'finished', createdMs: 0, facts },
    metrics: [metric('train', 'total'), metric('validation', 'kl'), metric('validation', 'total')],
  };
}

const runs = [
  compared('one', { preset: 'p', 'model.filters': [8, 16] }, 0.5),
  compared('two, too', { preset: 'p', 'training.seed': 3 }, Number.NaN),
];

it('puts validation first, and the loss before its parts', () => {
  const columns = metricColumns(runs);
  expect(columns.map(({ id }) => id)).toEqual(['validation total', 'validation kl', 'train total']);
  expect(standardMetrics(columns).map(({ id }) => id)).toEqual(['validation total', 'validation kl']);
  expect(standardMetrics(columns.slice(2)).map(({ id }) => id)).toEqual(['train total']);
  const [total] = columns;
  expect(total && metricValue(runs[0], total, 'best')).toEqual({ step: 20, value: 0.5 });
  expect(total && metricValue(undefined, total, 'best')).toBeNull();
});

it('writes settings as one types them, and what is not there as a dash', () => {
  expect(factText('model.filters', [8, 16])).toBe('8,16');
  expect(factText('data.splitHash', 'abcdef0123456789')).toBe('abcdef01');
  expect(factText('x', undefined)).toBe('–');
  expect(factText('x', 0)).toBe('0');
  expect(factTitle('training.learningRate', new Map([['training.learningRate', 'Learning rate']]))).toBe(
    'Learning rate',
  );
  expect(factTitle('versions.tfjs', new Map())).toBe('tfjs');
  expect(factTitle('data.splitHash', new Map())).toBe('Split');
});

it('exports all of it as one wide table', () => {
  const [head = '', one = '', two = ''] = wideCsv(runs).split('\r\n');
  const titles = head.split(',');
  expect(titles.slice(0, 7)).toEqual([
    ...['run', 'name', 'state', 'createdAt', 'preset', 'model.filters', 'training.seed'],
  ]);
  expect(titles).toContain('validation.total.best.step');
  expect(titles.some((title) => title.includes('.at'))).toBe(false);
  expect(one).toContain('id-one,one,finished,1970-01-01T00:00:00.000Z,p,"8,16",,0.5,20,1.5,30,');
  expect(two).toContain('"two, too"');
  expect(two).toContain(',NaN,20,');
  const records = JSON.parse(wideJson(runs)) as Record<string, unknown>[];
  expect(records[1]).toMatchObject({
    name: 'two, too',
    'model.filters': null,
    'validation.total.best': 'NaN',
  });
  expect(records[0]).toMatchObject({ 'model.filters': [8, 16], 'validation.kl.best.step': 30 });
});
