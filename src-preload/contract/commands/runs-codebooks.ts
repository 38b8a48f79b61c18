import { z } from 'zod';
import { float64Array } from '../binary.ts';
import { defineCommand } from '../command.ts';
import { modelChoice, modelUsedSchema } from './reconstruct.ts';
import { splitSchema } from './recordings.ts';

const stageSchema = z.strictObject({
  stage: z.int(),
  perplexity: z.number().meta({ help: 'How many codes chosen equally often would be as hard to guess.' }),
  used: z.int(),
  unused: z.int(),
  counts: float64Array().meta({ help: 'How often each code was chosen, the most chosen first.' }),
  nominalBitsPerSecond: z
    .number()
    .meta({ unit: 'bits/s', help: 'Of this stage: log2 of its codes an index.' }),
  codedBitsPerSecond: z
    .number()
    .meta({ unit: 'bits/s', help: 'Of this stage, by an arithmetic coder that made the bytes.' }),
  upTo: z
    .strictObject({
      nominalBitsPerSecond: z.number(),
      codedBitsPerSecond: z.number(),
      mse: z.number().meta({ help: 'Of the clips by the first so many stages alone.' }),
    })
    .meta({ help: 'The first so many stages together.' }),
});

/** What a discrete code costs and which of its codes are used. */
export const runsCode = defineCommand({
  name: 'runs code',
  readOnly: true,
  summary: "A run's discrete code: bits a second, nominal and entropy-coded, and which codes each stage uses",
  details:
    'The clips of a split are turned into indices, and these into bytes by an arithmetic coder that counts what came before (one stream a stage over the whole split), which are decoded again and compared. Nominal bits take every code for equally likely. The clip as the model sees it is what seconds are counted by; over the speech in it the same bits are more a second.',
  input: z.strictObject({
    ...modelChoice,
    split: splitSchema.default('validation').meta({ title: 'Split' }),
  }),
  output: z.strictObject({
    run: z.string(),
    model: modelUsedSchema,
    split: z.string(),
    clips: z.int(),
    grid: z.array(z.int()),
    codebookSize: z.int(),
    secondsPerClip: z.number(),
    spokenSecPerClip: z.number(),
    nominalBitsPerClip: z.number(),
    codedBitsPerClip: z.number(),
    errorsOf: z.int().meta({ help: 'Clips that were decoded for the errors.' }),
    example: z.string().meta({ help: 'A recording of the split, to hear stage by stage.' }),
    stages: z.array(stageSchema),
    codecs: z
      .array(z.strictObject({ name: z.string(), bitsPerSecond: z.number() }))
      .meta({ help: 'Codecs that were evaluated on the dataset of this run.' }),
    alarm: z
      .strictObject({ meaning: z.string(), remedies: z.array(z.string()) })
      .nullable()
      .meta({ help: 'Where stages leave most of their codes unused.' }),
    remarks: z.array(z.string()),
  }),
  positionals: ['run'],
  examples: ['runs code my-run', 'runs code my-run --split test --json'],
});
export type RunCodebooks = z.output<typeof runsCode.output>;
