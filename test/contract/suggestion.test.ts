import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../src-preload/contract/suggestion.ts';

describe('editDistance', () => {
  it('is zero for equal words only, symmetric, and at most the longer word', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  it('counts insertions, deletions, replacements and swaps of neighbours as one each', () => {
    expect(editDistance('beta', 'betas')).toBe(1);
    expect(editDistance('beta', 'bet')).toBe(1);
    expect(editDistance('beta', 'bete')).toBe(1);
    expect(editDistance('beta', 'btea')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});

describe('nearest', () => {
  it('finds the nearest word, case aside, and takes a beginning for near', () => {
    expect(nearest('LATENTDIMS', ['filters', 'latentDim'])).toBe('latentDim');
    expect(nearest('iter', ['size', 'iterations'])).toBe('iterations');
  });

  it('finds nothing where nothing is near enough to be what was meant', () => {
    expect(nearest('x', [])).toBeUndefined();
    expect(nearest('something-else', ['filters'])).toBeUndefined();
    expect(nearest('ab', ['xy'])).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it('is a sentence with a space after it, or nothing', () => {
    expect(didYouMean('filtres', ['filters'])).toBe('Did you mean filters? ');
    expect(didYouMean('else', ['filters'])).toBe('');
  });
});
