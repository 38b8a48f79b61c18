import { describe, expect, it } from 'vitest';
import { nextOrder, parseOrder, sortRows } from '../../../../src-renderer/views/benchmark/sort-rows.ts';
import { cell, row } from '../../../helpers/benchmark-table.ts';

const rows = [
  row('b', { pesq_nb_raw: cell(2) }, { parameters: 30 }),
  row('a 10', { pesq_nb_raw: cell(3) }, { parameters: null, speed: null }),
  row('a 9', { pesq_nb_raw: cell(1) }, { parameters: 10 }),
  row('waits', {}, { state: 'none', parameters: 20 }),
];
const titles = (text: string | undefined) => sortRows(rows, parseOrder(text)).map(({ title }) => title);

describe('the rows of a benchmark', () => {
  it('stand as they were chosen, or in order of a column with what has no value last', () => {
    expect(titles(undefined)).toEqual(['b', 'a 10', 'a 9', 'waits']);
    expect(titles('-pesq_nb_raw')).toEqual(['a 10', 'b', 'a 9', 'waits']);
    expect(titles('pesq_nb_raw')).toEqual(['a 9', 'b', 'a 10', 'waits']);
    expect(titles('parameters')).toEqual(['a 9', 'waits', 'b', 'a 10']);
    expect(titles('system')).toEqual(['a 9', 'a 10', 'b', 'waits']);
    expect(titles('-speed').at(-1)).toBe('a 10');
    expect(titles('nothing')).toEqual(['b', 'a 10', 'a 9', 'waits']);
  });

  it('are turned by clicks: the better first, the worse first, as they were', () => {
    const clicks = (better: 'higher' | 'lower') => {
      const seen: (string | undefined)[] = [];
      for (let order: string | undefined, at = 0; at < 3; at++) {
        order = nextOrder('stoi', parseOrder(seen.at(-1)), better);
        seen.push(order);
      }
      return seen;
    };
    expect(clicks('higher')).toEqual(['-stoi', 'stoi', undefined]);
    expect(clicks('lower')).toEqual(['stoi', '-stoi', undefined]);
    expect(nextOrder('stoi', parseOrder('rmse'), 'higher')).toBe('-stoi');
  });
});
