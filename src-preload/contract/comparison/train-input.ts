import type { z } from 'zod';
import type { runsShow, train } from '../commands/runs.ts';

export type ShownRun = z.output<typeof runsShow.output>;

/** A value of a configuration as `train --set` takes it: lists with commas, a list in a list with an x between. */
export function settingText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    return value.map((one) => (Array.isArray(one) ? one.join('x') : String(one))).join(',');
  }
  return String(value);
}

/** The settings that somebody chose for a run: what follows from others is left to follow. */
export function chosenSettings(run: Pick<ShownRun, 'differences'>): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const { setting, chosen: value, derived } of run.differences) {
    // Epochs and the seed have a place of their own in the form and on the command line.
    if (derived || setting === 'training.epochs' || setting === 'training.seed') continue;
    chosen[setting] = settingText(value);
  }
  return chosen;
}

/** What trains the same once more. */
export function trainInputOf(run: ShownRun): z.input<typeof train.input> {
  const { epochs, seed } = run.config.training;
  return {
    dataset: run.source.name,
    preset: run.config.preset,
    set: chosenSettings(run),
    ...(typeof epochs === 'number' ? { epochs } : {}),
    ...(typeof seed === 'number' ? { seed } : {}),
  };
}
