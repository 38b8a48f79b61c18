import { describe, expect, it } from 'vitest';
import { pairs, table } from '../../src-main/cli/layout.ts';
import { renderAnything } from '../../src-main/cli/render/anything.ts';

const columns = [{ title: 'name' }, { title: 'why' }, { title: 'date', optional: true }];
const rows = [['a.wav', 'The file is shorter than its header says it is.', '2026-01-01']];

describe('table', () => {
  it('leaves optional columns out before it exceeds the width', () => {
    expect(table(columns, rows).join('\n')).toContain('2026-01-01');
    const narrow = table(columns, rows, 56);
    expect(narrow.join('\n')).not.toContain('2026-01-01');
    expect(narrow[0]).toMatch(/^name +why$/);
  });

  it('becomes blocks with wrapped texts where that is not enough', () => {
    const lines = table(columns, rows, 40);
    expect(lines).toEqual(['a.wav', '  why  The file is shorter than its', '       header says it is.']);
  });
});

it('wraps a long value under itself', () => {
  expect(pairs([['note', 'one two three four five six seven']], '', 30)).toEqual([
    'note  one two three four five',
    '      six seven',
  ]);
});

it('shows short times and pairs inside lists as they are', () => {
  expect(renderAnything({ durationSec: 0.74, strides: [2, [2, 1]] })).toEqual([
    'duration  0.74 s',
    'strides   2, 2 x 1',
  ]);
});
