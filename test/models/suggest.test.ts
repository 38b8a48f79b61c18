import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance, suggestionFor } from '../../src-main/models/suggest.ts';

it('is a distance: zero for equal words only, symmetric, within the triangle', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

it('finds the nearest word, case aside', () => {
  expect(suggestionFor('LATENTDIMS', ['filters', 'latentDim'])).toBe('Did you mean "latentDim"? ');
  expect(suggestionFor('x', [])).toBe('');
  expect(suggestionFor('something-else', ['filters'])).toBe('');
});
