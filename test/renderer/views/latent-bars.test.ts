// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  barShare,
  latentOrder,
  latentTotals,
  leastNats,
} from '../../../src-renderer/views/run/code/latent-bars.ts';

const kl = (...nats: number[]): Float32Array => Float32Array.from(nats);

describe('the bars of latent dimensions', () => {
  it('are in the order of their numbers, or that which carries most first, what is no number last', () => {
    expect(latentOrder(kl(0.5, 2, 0), 'dimension')).toEqual([0, 1, 2]);
    expect(latentOrder(kl(0.5, Number.NaN, 2, 0.5), 'kl')).toEqual([2, 0, 3, 1]);
  });

  it('grow with the KL, from nothing to the whole height, on either axis', () => {
    for (const logarithmic of [false, true]) {
      expect(barShare(0, 4, logarithmic)).toBe(0);
      expect(barShare(4, 4, logarithmic)).toBeCloseTo(1, 9);
      expect(barShare(Number.NaN, 4, logarithmic)).toBe(0);
      expect(barShare(Infinity, 4, logarithmic)).toBe(1);
      fc.assert(
        fc.property(
          fc.double({ min: 0, max: 4, noNaN: true }),
          fc.double({ min: 0, max: 4, noNaN: true }),
          (one, other) => {
            const [low, high] = [Math.min(one, other), Math.max(one, other)];
            expect(barShare(low, 4, logarithmic)).toBeLessThanOrEqual(barShare(high, 4, logarithmic));
          },
        ),
      );
    }
    expect(barShare(leastNats / 2, 4, true)).toBe(0);
  });

  it('come to what the code tells in all, and to how few dimensions carry most of it', () => {
    const code = { mean: kl(0, 0, 0), deviation: kl(0, 0, 0), low: kl(-1, -2, 0), high: kl(1, 2, 100) };
    const step = { step: 1, epoch: 1, activeUnits: 2, klNats: kl(9, 1, 0.001), code, shares: null };
    // The third is not active: what its number spans tells nothing.
    expect(latentTotals(step, 0.01)).toMatchObject({ meanRange: 3, ninetyPercent: 2 });
    expect(latentTotals(step, 0.01).klNats).toBeCloseTo(10.001, 4);
    expect(latentTotals({ ...step, code: null }, 0.01).meanRange).toBeNull();
    expect(latentTotals({ ...step, klNats: kl(0, 0, 0) }, 0.01)).toMatchObject({
      klNats: 0,
      meanRange: null,
      ninetyPercent: 0,
    });
  });
});
