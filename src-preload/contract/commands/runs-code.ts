import { z } from 'zod';
import { float32Array, float64Array } from '../binary.ts';
import { defineCommand } from '../command.ts';

const which = z
  .string()
  .min(1)
  .meta({ title: 'Run', help: 'Name or id of the run, or the beginning of its id.' });

/** A collapsed, or mostly unused, code, with what to do about it. */
const collapseSchema = z.strictObject({
  severity: z.enum(['collapsed', 'mostly-unused']),
  activeUnits: z.int(),
  dimensions: z.int(),
  sinceStep: z.int().meta({ help: 'The first validation from which on it has been so.' }),
  step: z.int().meta({ help: 'The last validation.' }),
  meaning: z.string(),
  remedies: z.array(z.string()),
});

/** Components of a mixture prior that hardly any clip belongs to, with what to do about it. */
const deadComponentsSchema = z.strictObject({
  dead: z.array(z.int()).meta({ help: 'Counted from 1.' }),
  components: z.int(),
  sinceStep: z.int(),
  step: z.int(),
  meaning: z.string(),
  remedies: z.array(z.string()),
});

/** What one vector of a code stands for: a clip, or one of several in it that follow on one another. */
const codeUnitSchema = z.strictObject({
  name: z.enum(['clip', 'fragment', 'frame']),
  inClip: z.int().meta({ help: 'So many are a clip.' }),
  seconds: z.number(),
});

/** What each validation found of each latent dimension. */
export const runsLatents = defineCommand({
  name: 'runs latents',
  readOnly: true,
  summary:
    'What each validation found of each latent dimension: its KL, and mean, spread and range of the code',
  input: z.strictObject({
    run: which,
    sinceStep: z.int().min(0).default(0).meta({ title: 'From step' }),
  }),
  output: z.strictObject({
    run: z.string(),
    dimensions: z.int().nullable().meta({ help: 'Null where nothing was kept; `missing` says why.' }),
    unit: codeUnitSchema.meta({ help: 'What a KL is of.' }),
    activeAboveNats: z.number().meta({ unit: 'nats', help: 'A dimension with a larger mean KL is active.' }),
    alarmBelowShare: z.number().meta({ help: 'A smaller share of active dimensions raises the alarm.' }),
    steps: float64Array(),
    epochs: float64Array(),
    activeUnits: float64Array(),
    klNats: float32Array().meta({ help: '[steps, dimensions], a mean over the units of the clips.' }),
    /** Of the posterior's mean over the clips, each [steps, dimensions]; empty where the family tells no code. */
    mean: float32Array(),
    deviation: float32Array(),
    low: float32Array(),
    high: float32Array(),
    missing: z.string().nullable(),
    collapse: collapseSchema.nullable(),
    components: z.int().nullable().meta({ help: 'Of the prior; null where it is no mixture.' }),
    componentShares: float32Array().meta({
      help: '[steps, components]: mean responsibility over the clips. Zeros in rows that do not tell.',
    }),
    deadComponents: deadComponentsSchema.nullable(),
  }),
  positionals: ['run'],
  examples: ['runs latents small', 'runs latents small --json'],
});
export type RunLatents = z.output<typeof runsLatents.output>;

const rateSchema = z.strictObject({
  bitsPerNumber: z.number(),
  bitsPerClip: z.number(),
  bitsPerUnit: z.number().meta({ help: 'A clip, or the part of one that a vector stands for.' }),
  bitsPerSecond: z.number(),
  kilobitsPerSecond: z.number(),
  spokenBitsPerSecond: z.number().nullable().meta({ help: 'Over the speech inside the clips alone.' }),
  timesSmaller: z.number().meta({ help: 'Than 16-bit PCM at the rate of the model.' }),
  /** The reckoning in one line. */
  text: z.string(),
});

/** What a clip's code costs to send, every number of the reckoning named. */
export const runsBitrate = defineCommand({
  name: 'runs bitrate',
  readOnly: true,
  summary: "What a run's code costs at 32, 16, 8, 6 and 4 bits a number, beside what its paper states",
  input: z.strictObject({ run: which }),
  output: z.strictObject({
    run: z.string(),
    codeNumbers: z.int().nullable().meta({ help: 'Null where the family has no code of a fixed size.' }),
    indexBits: z.number().optional().meta({
      help: 'Of a discrete code, the bits of one index; `runs code` tells what it costs coded. Left out for codes of numbers.',
    }),
    unit: codeUnitSchema,
    sideNumbers: z.int(),
    bitsPerSideNumber: z.int(),
    sampleRateHz: z.number(),
    paddedSec: z.number(),
    spokenSec: z.number().nullable().meta({ help: 'Mean over the validation clips that the run decodes.' }),
    pcmBitsPerSecond: z.number(),
    rates: z.array(rateSchema),
    information: z
      .strictObject({
        step: z.int(),
        nats: z.number(),
        bitsPerClip: z.number(),
        bitsPerUnit: z.number(),
        bitsPerSecond: z.number(),
      })
      .nullable()
      .meta({
        help: 'What the code tells on average, by the KL of the last validation: a bound, not a coder.',
      }),
    claim: z
      .strictObject({
        document: z.string(),
        statedKilobitsPerSecond: z.number(),
        impliedBitsPerNumber: z.number(),
        explanation: z.string(),
      })
      .nullable(),
    remarks: z.array(z.string()),
  }),
  positionals: ['run'],
  examples: ['runs bitrate small'],
});
export type RunBitrate = z.output<typeof runsBitrate.output>;
