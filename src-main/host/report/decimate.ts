/**
 * A curve in at most about `most` points that looks the same: of each stretch its lowest and its highest, in order, so
 * that a spike of a single step is still there; and the first and last point. What is not finite stays as a gap.
 */
export function decimated(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  most: number,
): { x: number; value: number }[] {
  const point = (at: number): { x: number; value: number } => ({
    x: steps[at] as number,
    value: values[at] as number,
  });
  const count = steps.length;
  if (count <= most) return Array.from({ length: count }, (_, at) => point(at));
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const kept = new Set([0, count - 1]);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * count) / stretches);
    const to = Math.floor(((stretch + 1) * count) / stretches);
    let low = from;
    let high = from;
    for (let at = from; at < to; at++) {
      const value = values[at] as number;
      if (!Number.isFinite(value)) {
        kept.add(at);
        continue;
      }
      if (!((values[low] as number) <= value)) low = at;
      if (!((values[high] as number) >= value)) high = at;
    }
    kept.add(low);
    kept.add(high);
  }
  return [...kept].sort((a, b) => a - b).map(point);
}
