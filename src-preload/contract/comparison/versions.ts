/** A run as it is compared: as it stands, or held at one of its steps. */
export interface RunVersion {
  run: string;
  /** Null: as it stands now, and in a grid of clips wherever the slider is. */
  step: number | null;
}

/** 'small@500' is the run 'small' at step 500; without a step at its end it is the run as it stands. */
export function parseVersion(text: string): RunVersion {
  const [, run, step] = /^(.+)@(\d{1,15})$/s.exec(text) ?? [];
  return run === undefined ? { run: text, step: null } : { run, step: Number(step) };
}

/** The text that `parseVersion` reads. */
export function versionText({ run, step }: RunVersion): string {
  return step === null ? run : `${run}@${step}`;
}
