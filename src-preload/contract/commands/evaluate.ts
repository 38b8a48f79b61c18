import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { figuresSchema, metricKeySchema, reasonsSchema } from './metrics.ts';
import {
  codeBitsSchema,
  feedbackOption,
  feedbackSchema,
  inversionChoice,
  latentModeSchema,
  latentOption,
} from './reconstruct.ts';
import { soundSchema } from './recordings.ts';

export const splitChoice = z.enum(['train', 'validation', 'test', 'all']);

/** What made the sounds that are judged: a run at a checkpoint, a folder of somebody's own, or one of the built-in ways. */
export const evaluatedSystemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    run: z.string(),
    name: z.string(),
    step: z.int(),
    epoch: z.int(),
    /** Of the checkpoint's tensors. */
    checkpointSha256: z.string(),
    bitsPerCodeNumber: codeBitsSchema,
    iterations: z.int(),
    seed: z.int(),
    latent: latentModeSchema.optional().meta({ help: 'The mean of the posterior if left out.' }),
    feedback: feedbackSchema.optional().meta({ help: "The recording's frames if left out." }),
  }),
  z.strictObject({
    kind: z.literal('external'),
    system: z.string(),
    name: z.string(),
    folder: z.string(),
    /** Of names, sizes and times of the files that were judged. */
    filesHash: z.string(),
  }),
  z.strictObject({
    kind: z.literal('baseline'),
    baseline: z.string().meta({ help: 'As given: opus:12.' }),
    name: z.string(),
    settings: z.string().meta({ help: 'All of its settings in words.' }),
  }),
]);
export type EvaluatedSystem = z.output<typeof evaluatedSystemSchema>;

/** Which recordings were judged. `itemsHash` tells whether two evaluations judged the very same bytes. */
export const evaluatedSelectionSchema = z.strictObject({
  dataset: z
    .strictObject({
      id: z.string(),
      name: z.string(),
      splitHash: z.string(),
      split: splitChoice,
      limit: z.int().nullable(),
    })
    .nullable(),
  recordings: z.int(),
  itemsHash: z.string(),
});

/** How they were judged. */
export const evaluationSettingsSchema = z.strictObject({
  metrics: z.array(metricKeySchema),
  /** Hz; null is each recording's own rate. */
  rateHz: z.int().nullable(),
  align: z.enum(['off', 'integer', 'subsample']),
  trim: z.boolean(),
  matchGain: z.boolean(),
  /** Seconds from the beginning at most; null for all that the system gives. */
  mostSec: z.number().nullable(),
});
export type EvaluationSettings = z.output<typeof evaluationSettingsSchema>;

/** How fast a run computes, on this machine when it was evaluated. */
export const speedSchema = z.strictObject({
  /** Seconds of computing a second of sound, from decoded samples to samples; below 1 is faster than real time. */
  realTimeFactor: z.number(),
  recordings: z.int(),
  /** Of sound, in one pass. */
  seconds: z.number(),
  /** How often it was timed; the factor is the median. */
  passes: z.int(),
  measuredMs: z.number(),
  backend: z.string(),
  device: z.string(),
  /** Inside one operation; null where the backend has no such setting. */
  threads: z.int().nullable(),
  /** Processes that wanted a core over the minute before, and how many cores there are. */
  load: z.number(),
  cores: z.int(),
});
export type Speed = z.output<typeof speedSchema>;

const stateSchema = z.enum(['running', 'finished', 'interrupted', 'cancelled', 'failed']);

export const evaluationSummarySchema = z.strictObject({
  evaluation: z.string(),
  state: stateSchema,
  createdMs: z.number(),
  endedMs: z.number().nullable(),
  done: z.int(),
  total: z.int(),
  /** Recordings that could not be judged at all. */
  failed: z.int(),
  system: evaluatedSystemSchema,
  selection: evaluatedSelectionSchema,
  settings: evaluationSettingsSchema,
  versions: z.record(z.string(), z.string()),
  /** What ended it, where something did. */
  error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  /** Of the metrics so far, without intervals: for lists. */
  means: z.record(z.string(), z.number().nullable()),
  /** Of a run, once it was timed. */
  speed: speedSchema.nullable(),
});
export type EvaluationSummary = z.output<typeof evaluationSummarySchema>;

export const evaluationRowSchema = z.strictObject({
  recording: z.string(),
  label: z.string().nullable(),
  speaker: z.string().nullable(),
  figures: figuresSchema,
  reasons: reasonsSchema,
  lagSamples: z.number().nullable(),
  /** Parts in a million by which it runs slow; null where that cannot be told. */
  driftPpm: z.number().nullable(),
  gainDb: z.number().nullable(),
  judgedSec: z.number().nullable(),
  sampleRateHz: z.int().nullable(),
  /** Of the coded form, over the judged seconds; null where there is none. */
  bitsPerSecond: z.number().nullable(),
  warnings: z.array(z.string()),
  failed: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
});
export type EvaluationRow = z.output<typeof evaluationRowSchema>;

export const intervalSchema = z.strictObject({ low: z.number(), high: z.number() });

/** One metric over all rows: n is how many have a figure, and every reason for a blank is told with how often. */
export const metricSummarySchema = z.strictObject({
  n: z.int(),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  /** 95 % percentile bootstrap of the mean, seeded; null of fewer than two. */
  interval: intervalSchema.nullable(),
  blanks: z.array(z.strictObject({ reason: z.string(), rows: z.int() })),
});
export type MetricSummaryOutput = z.output<typeof metricSummarySchema>;

/** What the codes of a run cost; null where the system has no code of numbers. */
export const codeSummarySchema = z.strictObject({
  numbersPerClip: z.int(),
  bitsPerCodeNumber: z.int(),
  /** Over the positions of the code, of how often each cell was used; null for float codes, which have no cells. */
  entropyBits: z.number().nullable(),
  /** 2 to the entropy. */
  perplexity: z.number().nullable(),
  clips: z.int(),
  /** Why there is no entropy, or what to know of it. */
  note: z.string().nullable(),
});

export const evaluationSchema = evaluationSummarySchema.extend({
  summary: z.record(z.string(), metricSummarySchema),
  bitsPerSecond: metricSummarySchema.nullable(),
  code: codeSummarySchema.nullable(),
  rows: z.array(evaluationRowSchema),
  warnings: z.array(z.string()),
  files: z.array(z.string()).meta({ help: 'Written for --out.' }),
});
export type Evaluation = z.output<typeof evaluationSchema>;

/** Names an evaluation. */
export const evaluationId = z
  .string()
  .min(1)
  .meta({ title: 'Evaluation', help: 'Its id or the beginning of it: `evaluations list` shows them.' });

/** Where results go. */
export const outPath = z.string().min(1).optional().meta({
  title: 'Where the results go',
  path: true,
  placeholder: 'DIR|FILE.csv',
  help: 'A CSV of the rows, or a folder for results.json and rows.csv.',
});

export const evaluate = defineCommand({
  name: 'evaluate',
  summary: 'Judge a run, a folder of sounds or a built-in baseline on recordings, with intervals and reasons',
  details:
    "Each recording is put through the system and judged against the recording itself, at the recording's own rate unless --rate says another. Rows are kept as they come: the same command goes on where it was ended, and gives what is kept where it had finished; --again judges anew. A limited split is an even draw by the hash of the name, the same for every system. Nothing is aligned or matched in level unless asked for; the lag and the gain of each are reported. What cannot be judged is blank with its reason, and every mean has its n.",
  input: z.strictObject({
    files: z.array(z.string().min(1)).default([]).meta({
      title: 'Recordings',
      placeholder: 'FILE',
      path: true,
      help: 'In the place of a dataset.',
    }),
    run: z.string().min(1).optional().meta({ title: 'Run', help: 'Its name or id; `runs list` shows both.' }),
    checkpoint: z
      .union([z.enum(['best', 'last']), z.int().min(0)])
      .default('best')
      .meta({ title: 'Checkpoint', placeholder: 'best|last|STEP' }),
    bits: codeBitsSchema.default(32).meta({
      title: 'Bits of each number of the code',
      unit: 'bits',
      help: 'Fewer than 32 quantise it, which gives it an entropy.',
    }),
    latent: latentOption,
    feedback: feedbackOption,
    baseline: z.string().min(1).optional().meta({
      title: 'Baseline',
      placeholder: 'NAME[:SETTING,...]',
      help: 'opus:12, mu-law, low-pass:3400, griffin-lim:512,128, mfcc:13, ceiling:RUN; `evaluations baselines` lists them.',
    }),
    system: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'External system', help: 'A folder of sounds that `systems add` made known.' }),
    dataset: z.string().min(1).optional().meta({ title: 'Dataset', help: 'Of a run: its own if left out.' }),
    split: splitChoice.default('test').meta({ title: 'Split' }),
    limit: z
      .int()
      .min(1)
      .optional()
      .meta({ title: 'At most so many recordings', help: 'Drawn evenly, the same for every system.' }),
    metrics: z.array(z.string().min(1)).default([]).meta({
      title: 'Metrics',
      placeholder: 'KEY,KEY',
      help: 'All of sounds if left out; `evaluations metrics` names them. Bounds of likelihood, elbo_nats and iwae_nats, are for runs whose decoder is a distribution; they take many passes of the decoder.',
    }),
    rate: z
      .union([z.literal('own'), z.int().min(1000).max(384_000)])
      .default('own')
      .meta({
        title: 'Rate at which it is judged',
        unit: 'Hz',
        placeholder: 'own|HZ',
        help: "own: each recording's. Both sounds are resampled to any other, which is said.",
      }),
    align: z.enum(['off', 'integer', 'subsample']).default('off').meta({
      title: 'Alignment',
      help: 'Takes out a lag of up to 0.1 s before measuring: by whole samples, or between samples too.',
    }),
    trim: z.boolean().default(true).meta({ title: 'Trim', help: 'Cuts both to the shorter.' }),
    matchGain: z
      .boolean()
      .default(false)
      .meta({ title: 'Match the gain', help: 'Takes the gain out before measuring, by least squares.' }),
    seconds: z.number().positive().max(600).optional().meta({
      title: 'At most so many seconds of each',
      unit: 's',
      help: 'From the beginning; to judge what a run with short clips is compared with over the same span.',
    }),
    ...inversionChoice,
    out: outPath,
    again: z
      .boolean()
      .default(false)
      .meta({ title: 'Again', help: 'Judge anew what has been judged before.' }),
  }),
  output: evaluationSchema,
  positionals: ['files'],
  examples: [
    'evaluate --run my-run --dataset fsdd --split test --json',
    'evaluate --baseline opus:12 --dataset librispeech --split test --limit 50 --metrics pesq_wb,stoi',
    'evaluate --system encodec-6k --split test --out results.csv',
  ],
  partlyFailed: ({ failed }) => failed > 0,
});

export const evaluateList = defineCommand({
  name: 'evaluations list',
  readOnly: true,
  summary: 'List the evaluations: of what, on what, and their means',
  input: z.strictObject({
    run: z.string().min(1).optional().meta({ title: 'Run', help: 'Only those of this run.' }),
  }),
  output: z.strictObject({ evaluations: z.array(evaluationSummarySchema) }),
  examples: ['evaluations list', 'evaluations list --run my-run --json'],
});

export const evaluateShow = defineCommand({
  name: 'evaluations show',
  readOnly: true,
  summary: 'Show one evaluation: means with intervals and n, reasons of blanks, and its rows',
  input: z.strictObject({ evaluation: evaluationId }),
  output: evaluationSchema,
  positionals: ['evaluation'],
  examples: ['evaluations show 3f2a --json'],
});

export const evaluateExport = defineCommand({
  name: 'evaluations export',
  readOnly: true,
  summary: 'Write the rows of an evaluation as CSV: a row a recording',
  input: z.strictObject({
    evaluation: evaluationId,
    out: outPath.meta({
      title: 'File',
      path: true,
      placeholder: 'DIR|FILE.csv',
      help: 'Printed if left out.',
    }),
  }),
  output: z.strictObject({ rows: z.int(), files: z.array(z.string()), text: z.string().nullable() }),
  positionals: ['evaluation'],
  examples: ['evaluations export 3f2a --out rows.csv'],
});

export const evaluateDelete = defineCommand({
  name: 'evaluations delete',
  summary: 'Delete an evaluation; `evaluations restore` brings it back',
  input: z.strictObject({ evaluation: evaluationId }),
  output: z.strictObject({ evaluation: z.string() }),
  positionals: ['evaluation'],
});

export const evaluateRestore = defineCommand({
  name: 'evaluations restore',
  summary: 'Bring a deleted evaluation back',
  input: z.strictObject({ evaluation: evaluationId }),
  output: evaluationSummarySchema,
  positionals: ['evaluation'],
});

export const evaluateBaselines = defineCommand({
  name: 'evaluations baselines',
  readOnly: true,
  summary: 'List the built-in baselines with their settings',
  input: z.strictObject({}),
  output: z.strictObject({
    baselines: z.array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        help: z.string(),
        example: z.string(),
        available: z.boolean(),
      }),
    ),
  }),
});

export const evaluateSound = defineCommand({
  name: 'evaluations sound',
  readOnly: true,
  summary: 'One recording of an evaluation: the original as it was judged, or what the system made of it',
  audience: 'window',
  input: z.strictObject({
    evaluation: evaluationId,
    recording: z.string().min(1),
    kind: z.enum(['original', 'evaluated']),
  }),
  output: soundSchema,
});
