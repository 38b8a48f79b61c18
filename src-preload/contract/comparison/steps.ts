/** Every step that any of the lists has, ascending, each once. */
export function unionOfSteps(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** The last of ascending steps that is not behind `step`; null where all are. */
export function stepAtOrBefore(steps: readonly number[], step: number): number | null {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as number) <= step) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : (steps[low - 1] as number);
}
