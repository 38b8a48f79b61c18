import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzyMatch } from '../../../../src-renderer/state/palette/fuzzy.ts';

const best = (query: string, ...texts: string[]): string | undefined =>
  texts
    .map((text) => ({ text, match: fuzzyMatch(query, text) }))
    .filter(({ match }) => match !== null)
    .sort((a, b) => (b.match?.score ?? 0) - (a.match?.score ?? 0))[0]?.text;

describe('finding by some letters', () => {
  test('takes letters in order, in any case, and points at them', () => {
    expect(fuzzyMatch('Fv', 'fsdd-vae')).toMatchObject({ at: [0, 5] });
    expect(fuzzyMatch('vae', 'fsdd-vae')).toMatchObject({ at: [5, 6, 7] });
    expect(fuzzyMatch('vf', 'fsdd-vae')).toBeNull();
  });

  test('takes each word by itself, in any order', () => {
    expect(fuzzyMatch('vae fsdd', 'fsdd-vae')?.at).toEqual([0, 1, 2, 3, 5, 6, 7]);
    expect(fuzzyMatch('vae x', 'fsdd-vae')).toBeNull();
  });

  test('puts whole words before scattered letters, and beginnings before middles', () => {
    expect(best('run', 'a rather unlikely name', 'Runs', 'overrun')).toBe('Runs');
    expect(best('beta', 'alphabeta', 'beta 4', 'big extra tall area')).toBe('beta 4');
    expect(best('tr', 'Settings for it', 'Train')).toBe('Train');
    expect(best('lt', 'Result', 'Listening tests')).toBe('Result');
    expect(best('lis te', 'Result', 'Listening tests')).toBe('Listening tests');
  });

  test('takes whatever is typed: letters that lowering makes longer, emoji, nothing', () => {
    expect(fuzzyMatch('i', 'İstanbul')).not.toBeNull();
    expect(fuzzyMatch('🎧', 'to 🎧 hear')).not.toBeNull();
    expect(fuzzyMatch('  ', 'x')).toMatchObject({ at: [] });
    expect(fuzzyMatch('a', '')).toBeNull();
  });

  test('finds every text by any of its own letters in order', () => {
    const ascii = fc.string({ unit: fc.constantFrom(...'abcdef -_/019'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(ascii, fc.infiniteStream(fc.boolean()), (text, picks) => {
        const kept = [...text].filter(() => picks.next().value === true).join('');
        const match = fuzzyMatch(kept.replace(/\s+/g, ''), text);
        expect(match).not.toBeNull();
        const at = match?.at ?? [];
        expect(
          at.every((place, index) => place < text.length && (index === 0 || place > (at[index - 1] ?? 0))),
        ).toBe(true);
      }),
    );
  });
});
