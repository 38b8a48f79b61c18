import { philoxRounds, PhiloxWords } from '../random/philox.ts';

/**
 * The order of the clips, from (seed, epoch) alone: an epoch's order can be had again after a crash without replaying the
 * epochs before it.
 */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const random = new PhiloxWords(seed, epoch);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order;
}

/** A seed of its own for another purpose (evaluation noise), so that its numbers are not those of training. */
export function deriveSeed(seed: number, purpose: number): number {
  return philoxRounds([purpose >>> 0, 0, 0, 0x5eed], seed >>> 0, 0)[0] & 0x7fffffff;
}
