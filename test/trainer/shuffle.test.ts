import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveSeed, epochOrder } from '../../src-main/trainer/shuffle.ts';

describe('shuffle', () => {
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
