import { z } from 'zod';
import { defineCommand } from '../command.ts';

export const corpusMake = defineCommand({
  name: 'corpus make',
  summary: 'Make the sample corpus: 600 spoken digits by four synthetic voices, with no network',
  input: z.strictObject({
    out: z.string().min(1).optional().meta({
      title: 'Folder',
      path: true,
      help: 'Where to write it; without it, sample-corpus in the data folder.',
    }),
    add: z.boolean().default(false).meta({
      title: 'Add it',
      help: 'Add it to the datasets when it is made, as sample-corpus.',
    }),
  }),
  output: z.strictObject({
    folder: z.string(),
    recordings: z.int(),
    speakers: z.array(z.string()),
    durationSec: z.number().meta({ unit: 's' }),
    /** sha256 over the names and contents of all recordings: the same on every machine. */
    contentHash: z.string(),
    /** True when a complete corpus was there already and nothing had to be made. */
    reused: z.boolean(),
    /** Id of its dataset, where it was to be added; null where not. */
    dataset: z.string().nullable(),
    elapsedSec: z.number().meta({ unit: 's' }),
  }),
  examples: ['corpus make --add', 'corpus make --out ~/speech/digits'],
});
