import { z } from 'zod';
import { defineCommand } from '../command.ts';

/** Where the limit is kept among the preferences. */
export const mediaLimitKey = 'mediaLimitGb';
/** Some 30,000 clips of a second at 22,050 Hz. */
export const defaultMediaLimitGb = 3;

export const mediaStateSchema = z.strictObject({
  folder: z.string(),
  files: z.int(),
  bytes: z.number().meta({ unit: 'bytes' }),
  limitGb: z.number().meta({ unit: 'GB' }),
  removedFiles: z.int().meta({ help: 'By this command.' }),
  removedBytes: z.number().meta({ unit: 'bytes' }),
});
export type MediaState = z.output<typeof mediaStateSchema>;

export const mediaShow = defineCommand({
  name: 'media show',
  readOnly: true,
  summary: 'Show how much space kept sounds and outlines take, those of evaluations and baselines included',
  input: z.strictObject({}),
  output: mediaStateSchema,
});

export const mediaLimit = defineCommand({
  name: 'media limit',
  summary: 'Limit that space; beyond it what was not used for longest goes first',
  input: z.strictObject({
    gb: z.number().min(0).max(10_000).meta({ title: 'Limit', unit: 'GB', help: '0 keeps nothing for long.' }),
  }),
  output: mediaStateSchema,
  positionals: ['gb'],
  examples: ['media limit 1'],
});

export const mediaClear = defineCommand({
  name: 'media clear',
  summary: 'Delete the sounds and outlines that are kept; they are made again when they are wanted',
  input: z.strictObject({}),
  output: mediaStateSchema,
});
