import { describe, expect, it } from 'vitest';
import { codeFigures } from '../../src-main/metrics/code-figures.ts';

describe('entropy and perplexity of codes', () => {
  it('counts cells position by position', () => {
    // The first position uses two cells alike, the second always the same.
    expect(codeFigures([0, 7, 1, 7, 0, 7, 1, 7], 2)).toEqual({ entropyBits: 0.5, perplexity: 2 ** 0.5 });
  });

  it('reaches all bits where every cell is used alike', () => {
    const all = Array.from({ length: 256 }, (_, n) => n);
    expect(codeFigures(all, 1)?.entropyBits).toBeCloseTo(8, 12);
    expect(codeFigures(all, 1)?.perplexity).toBeCloseTo(256, 9);
  });

  it('is nothing without codes', () => {
    expect(codeFigures([], 4)).toBeNull();
    expect(codeFigures([1, 2], 0)).toBeNull();
    expect(codeFigures([3, 3, 3], 1)).toEqual({ entropyBits: 0, perplexity: 1 });
  });
});
