/** How numbers lie, in the words of box plots. */
export interface Box {
  count: number;
  min: number;
  lowWhisker: number;
  lowQuartile: number;
  median: number;
  highQuartile: number;
  highWhisker: number;
  max: number;
  mean: number;
}

export interface Fences {
  low: number;
  high: number;
}

/** How far a box plot's whiskers may reach beyond the quartiles, in quartile ranges (Tukey, 1977). */
const whiskers = 1.5;

/** The quantile of sorted numbers by linear interpolation, as numpy's default. `share` is 0 to 1. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (high - low) * (place - below);
}

/** The box of some numbers, which are sorted in place; null where there is none. */
export function boxOf(values: Float64Array): Box | null {
  if (values.length === 0) return null;
  values.sort();
  const lowQuartile = quantile(values, 0.25);
  const highQuartile = quantile(values, 0.75);
  const fences = fencesOf({ lowQuartile, highQuartile }, whiskers);
  let sum = 0;
  for (const value of values) sum += value;
  // Interpolated quartiles may lie between values: a whisker never ends inside its box.
  const inside = values.filter((value) => value >= fences.low && value <= fences.high);
  return {
    count: values.length,
    min: values[0]!,
    lowWhisker: Math.min(inside[0] ?? lowQuartile, lowQuartile),
    lowQuartile,
    median: quantile(values, 0.5),
    highQuartile,
    highWhisker: Math.max(inside.at(-1) ?? highQuartile, highQuartile),
    max: values.at(-1)!,
    mean: sum / values.length,
  };
}

/** Tukey's fences: so many quartile ranges outside of the quartiles. */
export function fencesOf(
  { lowQuartile, highQuartile }: Pick<Box, 'lowQuartile' | 'highQuartile'>,
  factor: number,
): Fences {
  const range = highQuartile - lowQuartile;
  return { low: lowQuartile - factor * range, high: highQuartile + factor * range };
}
