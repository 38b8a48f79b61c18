import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abxOrder } from '../../../src-preload/contract/listening/abx-order.ts';

const words = (seed: number, trials: number, clips: number): string =>
  abxOrder(seed, trials, clips)
    .map(({ clip, x }) => `${clip}${x}`)
    .join(' ');

describe('the hidden order', () => {
  it('of a seed never changes: stored tests are scored by it', () => {
    expect(words(0, 8, 3)).toMatchInlineSnapshot(`"2a 0a 1a 1b 0a 2a 2a 0b"`);
    expect(words(4_294_967_295, 8, 3)).toMatchInlineSnapshot(`"2a 1a 0a 2a 0a 1a 0b 1b"`);
  });

  it('hears every clip equally often, and each once before any comes again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_294_967_295 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 20 }),
        (seed, trials, clips) => {
          const order = abxOrder(seed, trials, clips);
          expect(order).toEqual(abxOrder(seed, trials, clips));
          expect(order).toHaveLength(trials);
          for (let from = 0; from < trials; from += clips) {
            const round = order.slice(from, from + clips).map(({ clip }) => clip);
            expect(new Set(round).size).toBe(round.length);
            expect(round.every((clip) => clip >= 0 && clip < clips)).toBe(true);
          }
        },
      ),
    );
  });

  it('tosses a fair coin that remembers nothing', () => {
    const tosses = Array.from({ length: 400 }, (_, seed) =>
      abxOrder(seed, 50, 4).map(({ x }) => x === 'a'),
    ).flat();
    const share = (picked: boolean[]): number => picked.filter(Boolean).length / picked.length;
    // 20,000 tosses: four standard deviations are 0.014.
    expect(Math.abs(share(tosses) - 0.5)).toBeLessThan(0.015);
    const again = tosses.slice(1).map((toss, at) => toss === tosses[at]);
    expect(Math.abs(share(again) - 0.5)).toBeLessThan(0.015);
    // Also across neighbouring seeds.
    const firsts = Array.from({ length: 20_000 }, (_, seed) => abxOrder(seed, 1, 1)[0]?.x === 'a');
    expect(Math.abs(share(firsts) - 0.5)).toBeLessThan(0.015);
  });

  it('needs a clip', () => {
    expect(() => abxOrder(1, 10, 0)).toThrow(RangeError);
  });
});
