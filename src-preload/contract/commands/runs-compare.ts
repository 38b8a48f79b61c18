import { z } from 'zod';
import { anyNumber } from '../binary.ts';
import { defineCommand } from '../command.ts';

const point = z.strictObject({ step: z.int(), value: anyNumber() }).nullable();

/** One run beside others: all that it is made of, flat, and where its curves stand. */
export const comparedRunSchema = z.strictObject({
  run: z.string(),
  step: z.int().nullable().meta({
    help: 'The step that it is held at: values of its curves are those up to it. Null: as it stands.',
  }),
  name: z.string(),
  preset: z.string(),
  state: z.string(),
  createdMs: z.number(),
  facts: z.record(z.string(), z.unknown()).meta({
    help: 'model.*, training.*, features.*, data.*, engine.*, versions.*, parent: one value each.',
  }),
  metrics: z.array(
    z.strictObject({
      split: z.string(),
      key: z.string(),
      rows: z.int(),
      min: point,
      max: point,
      last: point,
      at: point.meta({ help: 'The last value at or before the step that was asked for.' }),
    }),
  ),
});
export type ComparedRun = z.output<typeof comparedRunSchema>;

export const runsCompare = defineCommand({
  name: 'runs compare',
  readOnly: true,
  summary: 'Compare runs: what differs between them, and the best, last and extreme values of their curves',
  input: z.strictObject({
    runs: z.array(z.string().min(1)).min(1).max(1000).meta({
      title: 'Runs',
      help: 'Names, ids, or beginnings of ids; RUN@STEP is the run as it was at that step.',
      placeholder: 'RUN[@STEP]',
    }),
    atStep: z.int().min(0).optional().meta({ title: 'At step', help: 'Also the values at this step.' }),
    metrics: z.boolean().default(true).meta({ title: 'Metrics', help: 'Also the values of curves.' }),
  }),
  output: z.strictObject({
    runs: z.array(comparedRunSchema),
    cautions: z
      .array(z.strictObject({ about: z.enum(['clips', 'losses', 'sound', 'total']), text: z.string() }))
      .meta({ help: 'What cannot be compared between them, and what can be instead.' }),
    missing: z.array(z.string()).meta({ help: 'What was asked for and is not there, or is damaged.' }),
  }),
  positionals: ['runs'],
  examples: [
    'runs compare small large',
    'runs compare small@100 small@500 small',
    'runs compare small large --at-step 2000 --json',
  ],
});
