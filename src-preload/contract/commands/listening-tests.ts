import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { otherSystemKindSchema } from './runs-live.ts';

/** Kinds of listening test. Preference, MUSHRA and MOS will stand beside it, each with a design and answers of its own. */
export const listeningKindSchema = z.enum(['abx']);

/**
 * One of the two that are told apart: a run's clips at a step, the original as that run is given it, or what another system
 * made of the same recordings.
 */
export const listeningSideSchema = z.strictObject({
  kind: z.enum(['original', 'ceiling', 'reconstruction', ...otherSystemKindSchema.options]),
  run: z.string().min(1).meta({ help: 'Id of the run that the clips belong to.' }),
  step: z.int().min(0).nullable().meta({ help: 'Of a reconstruction: steps that its model was trained.' }),
  system: z.string().min(1).optional().meta({
    help: 'Of another system: id of the external system, or the baseline with its settings.',
  }),
});
export type ListeningSide = z.output<typeof listeningSideSchema>;

/** A clip that is heard, with its index among the clips of either run. */
export const listeningClipSchema = z.strictObject({
  recording: z.string().min(1),
  label: z.string().nullable(),
  speaker: z.string().nullable(),
  indexInA: z.int().min(0),
  indexInB: z.int().min(0),
});

/** What an ABX test is: fixed before the first trial, and never changed after. */
export const abxDesignSchema = z.strictObject({
  kind: listeningKindSchema,
  listener: z.string().max(120).default('').meta({ title: 'Listener' }),
  trials: z.int().min(1).max(1000).meta({ title: 'Trials' }),
  seed: z.int().min(0).max(4_294_967_295).meta({ title: 'Seed', help: 'Of the hidden order.' }),
  levelMatched: z.boolean().meta({ title: 'Level-matched' }),
  a: listeningSideSchema,
  b: listeningSideSchema,
  clips: z.array(listeningClipSchema).min(1).max(1000),
});
export type AbxDesign = z.output<typeof abxDesignSchema>;

/** What a listener did in one trial. */
export const abxAnswerSchema = z.strictObject({
  answer: z.enum(['a', 'b']).meta({ help: 'What X was taken for.' }),
  answeredMs: z.number().meta({ help: 'When, as milliseconds since 1970.' }),
  tookMs: z.number().min(0).meta({ unit: 'ms', help: 'From the beginning of the trial.' }),
  heardA: z.int().min(0).meta({ help: 'How often A was begun or switched to.' }),
  heardB: z.int().min(0),
  heardX: z.int().min(0),
});
export type AbxAnswer = z.output<typeof abxAnswerSchema>;

const testId = z
  .string()
  .min(1)
  .meta({ title: 'Test', help: 'Id of the listening test, or the beginning of it: `listening list`.' });

const stateSchema = z
  .enum(['running', 'finished', 'abandoned'])
  .meta({ help: 'Only a finished test has a score: whoever may stop at a lucky moment proves nothing.' });

const shownSideSchema = listeningSideSchema.extend({
  name: z.string().meta({ help: 'Name that the run or the system had when the test began.' }),
  preset: z
    .string()
    .meta({ help: 'Of the run that made it, or that it was made for; empty of another system.' }),
});

/** One test in a list. */
export const listeningSummarySchema = z.strictObject({
  test: z.string(),
  kind: listeningKindSchema,
  state: stateSchema,
  listener: z.string(),
  startedMs: z.number(),
  endedMs: z.number().nullable(),
  a: shownSideSchema,
  b: shownSideSchema,
  clips: z.int(),
  trials: z.int(),
  answered: z.int(),
  seed: z.int(),
  levelMatched: z.boolean(),
  result: z
    .strictObject({
      correct: z.int(),
      pValue: z.number().meta({
        help: 'Exact one-sided binomial: how likely as many or more would be right by guessing alone.',
      }),
      verdict: z.string().meta({ help: 'The same in words.' }),
    })
    .nullable(),
});
export type ListeningSummary = z.output<typeof listeningSummarySchema>;

/** One trial as it is shown: what X was, and with it whether the answer was right, only once the test is over. */
const shownTrialSchema = abxAnswerSchema.extend({
  trial: z.int().min(1),
  recording: z.string(),
  x: z.enum(['a', 'b']).nullable(),
  correct: z.boolean().nullable(),
});

export const listeningTestSchema = listeningSummarySchema.extend({
  clipList: z.array(listeningClipSchema),
  trialList: z.array(shownTrialSchema),
});
export type ListeningTest = z.output<typeof listeningTestSchema>;

export const listeningSave = defineCommand({
  name: 'listening save',
  summary: 'Keep a listening test as far as it has got',
  audience: 'window',
  input: z.strictObject({
    test: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { error: 'it must be a UUID' }),
    startedMs: z.number(),
    design: abxDesignSchema,
    answers: z.array(abxAnswerSchema).max(1000).meta({ help: 'All of them, those kept before included.' }),
    abandoned: z.boolean().default(false),
  }),
  output: listeningSummarySchema,
});

export const listeningList = defineCommand({
  name: 'listening list',
  readOnly: true,
  summary:
    'List the listening tests: what was compared, how many were right, and how likely that is by guessing',
  input: z.strictObject({
    run: z.string().min(1).optional().meta({ title: 'Run', help: 'Only tests that this run took part in.' }),
  }),
  output: z.strictObject({ tests: z.array(listeningSummarySchema) }),
  examples: ['listening list', 'listening list --run small --json'],
});

export const listeningShow = defineCommand({
  name: 'listening show',
  readOnly: true,
  summary: 'Show one listening test with its trials',
  input: z.strictObject({ test: testId }),
  output: listeningTestSchema,
  positionals: ['test'],
});

export const listeningExport = defineCommand({
  name: 'listening export',
  readOnly: true,
  summary: 'Write listening tests as CSV or JSON: a row a trial, with run, step and clip',
  input: z.strictObject({
    tests: z
      .array(z.string().min(1))
      .default([])
      .meta({ title: 'Tests', help: 'Ids, or their beginnings; all that are over if left out.' }),
    csv: z.boolean().default(false).meta({ title: 'CSV', help: 'JSON if left out.' }),
    out: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'File', path: true, help: 'Printed if left out.', placeholder: 'FILE' }),
  }),
  output: z.strictObject({
    tests: z.int(),
    trials: z.int(),
    file: z.string().nullable(),
    /** What the file has, where there is none. */
    text: z.string().nullable(),
  }),
  positionals: ['tests'],
  examples: ['listening export --csv', 'listening export 3f2a --csv --out results.csv'],
});

export const listeningDelete = defineCommand({
  name: 'listening delete',
  summary: 'Delete a listening test; `listening restore` brings it back',
  input: z.strictObject({ test: testId }),
  output: z.strictObject({ test: z.string() }),
  positionals: ['test'],
});

export const listeningRestore = defineCommand({
  name: 'listening restore',
  summary: 'Bring a deleted listening test back',
  input: z.strictObject({ test: testId }),
  output: listeningSummarySchema,
  positionals: ['test'],
});
