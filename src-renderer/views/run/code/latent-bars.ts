import type { LatentStep } from '../../../state/runs/run-code.svelte.ts';

export type LatentOrder = 'dimension' | 'kl';

/** Below this a bar of a logarithmic axis has no height, in nats. */
export const leastNats = 1e-4;

/** Dimensions in the order in which they are drawn: as they are numbered, or the one that carries most first. */
export function latentOrder(klNats: Float32Array, order: LatentOrder): number[] {
  const dimensions = [...klNats.keys()];
  if (order === 'dimension') return dimensions;
  const nats = (dimension: number): number => {
    const value = klNats[dimension] ?? Number.NaN;
    return Number.isNaN(value) ? -Infinity : value;
  };
  return dimensions.sort((a, b) => nats(b) - nats(a) || a - b);
}

/** Share of the height of an axis that ends at `highest`, 0 to 1; 0 for what is no number. */
export function barShare(nats: number, highest: number, logarithmic: boolean): number {
  if (!(nats > 0) || !(highest > 0)) return 0;
  if (!Number.isFinite(nats)) return 1;
  if (!logarithmic) return Math.min(1, nats / highest);
  const span = Math.log(Math.max(highest, leastNats * 10) / leastNats);
  return Math.min(1, Math.max(0, Math.log(nats / leastNats) / span));
}

export interface LatentTotals {
  klNats: number;
  /** Mean over the active dimensions of what the code spans; null where none is active or no code is told. */
  meanRange: number | null;
  /** Fewest dimensions that carry nine tenths of the KL. */
  ninetyPercent: number;
}

/** What one validation comes to. `activeAboveNats` is where a dimension begins to be active. */
export function latentTotals({ klNats, code }: LatentStep, activeAboveNats: number): LatentTotals {
  const total = klNats.reduce((sum, nats) => sum + nats, 0);
  const ranges = code
    ? [...klNats.keys()]
        .filter((dimension) => (klNats[dimension] ?? 0) > activeAboveNats)
        .map((dimension) => (code.high[dimension] ?? 0) - (code.low[dimension] ?? 0))
    : [];
  let carried = 0;
  let count = 0;
  for (const nats of klNats.toSorted((a, b) => b - a)) {
    if (!(carried < 0.9 * total)) break;
    carried += nats;
    count++;
  }
  return {
    klNats: total,
    meanRange: ranges.length > 0 ? ranges.reduce((sum, one) => sum + one, 0) / ranges.length : null,
    ninetyPercent: count,
  };
}
