import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { priorSettings } from './generate-settings.ts';
import {
  inversionChoice,
  inversionMethodSchema,
  modelChoice,
  modelUsedSchema,
  outFolder,
} from './reconstruct.ts';

export const sampleOutputSchema = z.strictObject({
  model: modelUsedSchema,
  folder: z.string(),
  results: z.string(),
  sampleRateHz: z.int(),
  /** Levels that 0 and 1 of a generated spectrogram stand for: it has no stored extremes. */
  minDb: z.number(),
  maxDb: z.number(),
  /** One PNG of all samples, in order. */
  contactSheet: z.string(),
  /** NumPy file [samples, bins, frames], float32, in dB. */
  levels: z.string(),
  samples: z.array(
    z.strictObject({
      index: z.int(),
      audio: z.string(),
      label: z.string(),
      attenuatedDb: z.number(),
      spectrogram: z.string(),
    }),
  ),
});
export type SampleOutput = z.output<typeof sampleOutputSchema>;

export const sample = defineCommand({
  name: 'sample',
  summary: 'Draw new clips from the prior of a trained model',
  details:
    'Writes WAV and spectrogram of each, one sheet of all, their levels as NumPy file, and results.json. Of models of clips the levels run from -80 to 0 dB, since a generated spectrogram has no stored extremes; dynamical models draw any length. Sample i depends on the seed and on i alone, not on how many are drawn.',
  input: z.strictObject({
    ...modelChoice,
    n: z.int().min(1).max(1000).default(8).meta({ title: 'Samples' }),
    label: priorSettings.label,
    seconds: priorSettings.seconds,
    out: outFolder,
    // The original's phase does not exist for a generated spectrogram.
    method: inversionMethodSchema
      .exclude(['original-phase'])
      .default('griffin-lim')
      .meta({ title: 'Way from spectrogram to audio' }),
    ...inversionChoice,
  }),
  output: sampleOutputSchema,
  examples: [
    'sample --run my-run --n 16 --out drawn',
    'sample --run my-run --seed 7 --out drawn',
    'sample --run my-prior --label 7 --out sevens',
  ],
});
