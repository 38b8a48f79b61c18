import { describe, expect, it } from 'vitest';
import { between } from './readme.ts';

describe('between', () => {
  it('replaces what is between the marks of a name, and nothing else', () => {
    const text = 'a\n<!-- one: begin -->\nold\n<!-- one: end -->\nb\n<!-- two: begin -->\n<!-- two: end -->';
    const once = between(text, 'one', 'new');
    expect(once).toBe(
      'a\n<!-- one: begin -->\n\nnew\n\n<!-- one: end -->\nb\n<!-- two: begin -->\n<!-- two: end -->',
    );
    expect(between(once, 'one', 'new')).toBe(once);
  });

  it('refuses a text without the marks, or with them the other way round', () => {
    expect(() => between('nothing', 'one', 'new')).toThrow('no marks');
    expect(() => between('<!-- one: end --><!-- one: begin -->', 'one', 'new')).toThrow('no marks');
  });
});
