import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philoxRounds } from '../../src-main/engine/philox.ts';
import { deriveSeed, epochOrder } from '../../src-main/trainer/shuffle.ts';

describe('shuffle', () => {
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

  it('is a permutation that depends on seed and epoch alone', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), fc.nat(1000), (count, seed, epoch) => {
        const order = epochOrder(count, seed, epoch);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
        expect(epochOrder(count, seed, epoch)).toEqual(order);
      }),
    );
  });

  it('differs between epochs and between seeds', () => {
    const order = (seed: number, epoch: number) => epochOrder(50, seed, epoch).join();
    expect(new Set([order(0, 0), order(0, 1), order(1, 0), order(1, 1)]).size).toBe(4);
  });

  it('puts every clip first about equally often', () => {
    const counts = new Array<number>(7).fill(0);
    for (let epoch = 0; epoch < 7000; epoch++) counts[epochOrder(7, 3, epoch)[0] ?? 0]! += 1;
    // 1000 each, standard deviation 29.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('derives seeds that differ by purpose and are valid ones', () => {
    const seeds = [deriveSeed(0, 1), deriveSeed(0, 2), deriveSeed(1, 1)];
    expect(new Set(seeds).size).toBe(3);
    for (const seed of seeds) expect(seed).toBeGreaterThanOrEqual(0);
  });
});
