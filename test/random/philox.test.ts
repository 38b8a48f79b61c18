import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philoxRounds, PhiloxWords } from '../../src-main/random/philox.ts';

describe('philoxRounds', () => {
  it('has the known answers of Philox4x32-10 (Random123 kat_vectors)', () => {
    expect(philoxRounds([0, 0, 0, 0], 0, 0)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const ones = 0xffffffff;
    expect(philoxRounds([ones, ones, ones, ones], ones, ones)).toEqual([
      0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
    ]);
    expect(philoxRounds([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], 0xa4093822, 0x299f31d0)).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);
  });
});

function words(seed: number, stream: number, count: number): number[] {
  const source = new PhiloxWords(seed, stream);
  return Array.from({ length: count }, () => source.next());
}

describe('PhiloxWords', () => {
  it('are the blocks of the counter one after the other, keyed by seed and stream', () => {
    const seed = 2 ** 40 + 7;
    expect(words(seed, 3, 8)).toEqual([
      ...philoxRounds([0, 0, 3, 0], 7, 2 ** 8),
      ...philoxRounds([1, 0, 3, 0], 7, 2 ** 8),
    ]);
  });

  it('draw numbers below a limit, every one equally likely', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, limit) => {
        const drawn = new PhiloxWords(seed).below(limit);
        expect(drawn >= 0 && drawn < limit && Number.isInteger(drawn)).toBe(true);
      }),
    );
    const source = new PhiloxWords(1);
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 3000; draw++) counts[source.below(3)]! += 1;
    // 1000 each, standard deviation 26.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  it.each([-1, 0.5, NaN, 2 ** 60])('refuse a seed of %d', (seed) => {
    expect(() => new PhiloxWords(seed)).toThrow('seed');
  });
});
