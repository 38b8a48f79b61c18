/** Ticks of a decade by how many decades are in view: fewer where there are more. */
const steps = [
  { decades: 0.7, parts: [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] },
  { decades: 1.6, parts: [1, 2, 3, 5, 7] },
  { decades: 3.2, parts: [1, 2, 5] },
] as const;

/** More decades than this have a tick every few of them. */
const mostDecades = 8;

/**
 * Round values for a logarithmic axis from `low` to `high`, both above 0. An axis of less than half an octave is marked as a
 * linear one is.
 */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0) || !(high > low) || !Number.isFinite(high)) return [];
  const decades = Math.log10(high / low);
  if (decades < 0.15) return evenTicks(low, high);
  const parts = steps.find((step) => decades <= step.decades)?.parts ?? [1];
  const stride = Math.max(1, Math.ceil(decades / mostDecades));
  const ticks: number[] = [];
  const first = Math.floor(Math.log10(low));
  for (let power = Math.floor(first / stride) * stride; 10 ** power <= high; power += stride) {
    for (const part of parts) {
      // 3 * 10 ** -1 is 0.30000000000000004.
      const tick = Number((part * 10 ** power).toPrecision(12));
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}

/** Round values for a linear axis, at most one more than `most` of them. */
export function evenTicks(low: number, high: number, most = 4): number[] {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((part) => part * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high * (1 + 1e-9); at++)
    ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}
