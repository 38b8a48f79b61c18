/** Steps that come one after the other while a run trains, and one of them that is looked at. */
type Steps = readonly { step: number }[];

/** Index of the step that was chosen: null follows the last, and so does one that is there no more. */
export function shownStep(steps: Steps, chosen: number | null): number {
  const found = chosen === null ? -1 : steps.findIndex(({ step }) => step === chosen);
  return found >= 0 ? found : steps.length - 1;
}

/** What choosing an index means: the last is followed. */
export function chosenStep(steps: Steps, index: number): number | null {
  return index === steps.length - 1 ? null : (steps[index]?.step ?? null);
}
