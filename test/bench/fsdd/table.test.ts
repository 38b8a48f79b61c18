import { describe, expect, it } from 'vitest';
import type { BenchRow } from '../report.ts';
import { columnNotes, markdownTable } from './table.ts';

const row = (what: string, value: number | null, unit = '', spread?: [number, number]): BenchRow => ({
  section: 'fsdd',
  what,
  value,
  unit,
  ...(spread ? { spread } : {}),
});

describe('markdownTable', () => {
  it('has a row an experiment and a column a figure, blank where an experiment lacks it', () => {
    const rows = [
      row('a: LSD', 12.3456, 'dB', [12, 13]),
      row('b: LSD', null, 'dB'),
      row('b: bits: coded', 4096.4, 'kb/s'),
    ];
    expect(markdownTable(rows).split('\n')).toEqual([
      '| model | LSD (dB) | bits: coded (kb/s) |',
      '| --- | --- | --- |',
      '| a | 12.3 (12 to 13) |  |',
      '| b |  | 4096 |',
    ]);
  });

  it('tells how columns were measured, those that were measured alike together', () => {
    const notes = columnNotes([
      { name: 'LSD', note: 'of 150' },
      { name: 'RMSE', note: 'of 150' },
      { name: 'dead', note: 'of 10' },
      { name: 'dead', note: 'of 30' },
      { name: 'loss' },
    ]);
    expect(notes).toBe('LSD, RMSE: of 150. dead: of 10.');
  });

  it('keeps a zero, which is a value', () => {
    expect(markdownTable([row('a: dead codes', 0)])).toContain('| a | 0 |');
  });
});
