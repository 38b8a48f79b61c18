import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSymbols, encodeSymbols } from '../../src-main/models/entropy-coder.ts';
import { seededUniform } from '../../src-main/models/parts/random.ts';

describe('entropy coding of indices', () => {
  it('gives every sequence back, whatever the codebook', () => {
    const cases = fc
      .integer({ min: 2, max: 700 })
      .chain((size) => fc.tuple(fc.constant(size), fc.array(fc.integer({ min: 0, max: size - 1 }))));
    fc.assert(
      fc.property(cases, ([size, symbols]) => {
        expect([...decodeSymbols(encodeSymbols(symbols, size), symbols.length, size)]).toEqual(symbols);
      }),
      { numRuns: 60 },
    );
  });

  it('comes near the entropy of what it codes, and halves its counts on the way', () => {
    const next = seededUniform(1, 'symbols');
    const shares = [0.5, 0.25, 0.125, 0.125];
    const symbols = Array.from({ length: 12_000 }, () => {
      const at = next();
      return at < 0.5 ? 0 : at < 0.75 ? 1 : at < 0.875 ? 2 : 3;
    });
    const entropy = -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
    const bytes = encodeSymbols(symbols, 4);
    expect((8 * bytes.length) / symbols.length / entropy).toBeGreaterThan(0.98);
    expect((8 * bytes.length) / symbols.length / entropy).toBeLessThan(1.01);
    expect([...decodeSymbols(bytes, symbols.length, 4)]).toEqual(symbols);
  });

  it('costs no more than the nominal bits where all codes are alike, but for what learning that takes', () => {
    const next = seededUniform(2, 'even');
    const symbols = Array.from({ length: 20_000 }, () => Math.floor(64 * next()));
    expect((8 * encodeSymbols(symbols, 64).length) / symbols.length).toBeLessThan(6.15);
    expect(encodeSymbols(new Array<number>(5000).fill(7), 64).length).toBeLessThan(30);
  });

  it('refuses what is no index', () => {
    expect(() => encodeSymbols([3, 4], 4)).toThrow(RangeError);
    expect(() => encodeSymbols([0.5], 4)).toThrow(RangeError);
    expect(() => encodeSymbols([-1], 4)).toThrow(RangeError);
  });
});
