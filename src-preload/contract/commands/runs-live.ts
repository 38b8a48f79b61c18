import { z } from 'zod';
import { anyNumber, float64Array } from '../binary.ts';
import { defineCommand } from '../command.ts';
import { soundSchema, spectrogramPictureSchema } from './recordings.ts';

const which = z
  .string()
  .min(1)
  .meta({ title: 'Run', help: 'Name or id of the run, or the beginning of its id.' });

/** Numbers of a live trainer, a few times a second. */
export const liveProgressSchema = z.strictObject({
  phase: z.enum(['preparing', 'training', 'validation']),
  /** What is being prepared. */
  stage: z.string().nullable(),
  done: z.number().nullable(),
  total: z.number().nullable(),
  step: z.int(),
  steps: z.int(),
  epoch: z.int(),
  epochs: z.int(),
  msPerStep: z.number().nullable(),
  clipsPerSec: z.number().nullable(),
  etaSec: z.number().nullable(),
  tensors: z.int().nullable(),
  rssBytes: z.number().nullable(),
  feedingShare: z.number().nullable(),
  device: z.string().nullable(),
  updatedMs: z.number(),
});
export type LiveProgress = z.output<typeof liveProgressSchema>;

/** One curve of a run: rows in order of step, superseded rows left out, so that a resumed run never zig-zags. */
export const seriesSchema = z.strictObject({
  split: z.string().meta({ help: 'train, validation, or another that the family logs.' }),
  key: z.string().meta({ help: 'total, reconstruction, kl, learningRate, ...' }),
  steps: float64Array(),
  values: float64Array(),
  epochs: float64Array(),
  wallMs: float64Array(),
  /** Time spent in the trainer, pauses of the process left out. */
  processMs: float64Array(),
});

export const runsMetrics = defineCommand({
  name: 'runs metrics',
  readOnly: true,
  summary: 'The curves of a run',
  input: z.strictObject({
    run: which,
    sinceStep: z.int().min(0).default(0).meta({ title: 'From step' }),
    keys: z.array(z.string()).default([]).meta({ title: 'Metrics', help: 'All of them if left out.' }),
    csv: z
      .boolean()
      .default(false)
      .meta({ title: 'CSV', help: 'As a table: a row a step and split, a column a metric.' }),
    out: z.string().min(1).optional().meta({
      title: 'File',
      help: 'Where to write the table; printed if left out. A file is always CSV.',
      path: true,
      placeholder: 'FILE.csv',
    }),
  }),
  output: z.strictObject({
    run: z.string(),
    lastStep: z.int(),
    series: z.array(seriesSchema).meta({ help: 'Empty where a table was asked for.' }),
    file: z.string().optional().meta({ help: 'The table that was written.' }),
    text: z.string().optional().meta({ help: 'The table, where it went into no file.' }),
  }),
  positionals: ['run'],
  examples: ['runs metrics small --json', 'runs metrics small --csv', 'runs metrics small --out small.csv'],
});

export const runsLog = defineCommand({
  name: 'runs log',
  readOnly: true,
  summary: 'The log of a run, from a byte on',
  input: z.strictObject({
    run: which,
    from: z.int().min(0).optional().meta({ title: 'From byte', help: 'Without it, the last 64 KiB.' }),
  }),
  output: z.strictObject({ run: z.string(), from: z.int(), next: z.int(), text: z.string(), size: z.int() }),
  positionals: ['run'],
});

/** The fixed validation clips of a run and the steps at which they were decoded. */
export const runsClips = defineCommand({
  name: 'runs clips',
  readOnly: true,
  summary: 'The validation clips that a run decodes while it trains, and at which steps',
  input: z.strictObject({ run: which }),
  output: z.strictObject({
    run: z.string(),
    clips: z.array(
      z.strictObject({
        index: z.int(),
        recording: z.string(),
        contentHash: z.string().nullable().meta({ help: 'sha256 of its bytes, where it is known.' }),
        speaker: z.string().nullable(),
        label: z.string().nullable(),
        durationSec: z.number(),
      }),
    ),
    steps: z.array(z.strictObject({ step: z.int(), epoch: z.int(), mse: z.array(anyNumber()) })),
  }),
  positionals: ['run'],
});

/** What a clip can be heard as that no run made: by its kind and by what it is called there. */
export const otherSystemKindSchema = z.enum(['external', 'baseline']);
export type OtherSystemKind = z.output<typeof otherSystemKindSchema>;

/** One clip as sound and picture. The picture's dB scale is the same for all that belong to a run. */
export const runsClip = defineCommand({
  name: 'runs clip',
  readOnly: true,
  summary:
    'One validation clip: original, ceiling, what the model made of it at a step, or what another system made of the recording',
  audience: 'window',
  input: z.strictObject({
    run: which,
    clip: z.int().min(0).meta({ title: 'Clip', help: 'Its index in `runs clips`.' }),
    kind: z
      .enum(['original', 'ceiling', 'reconstruction', ...otherSystemKindSchema.options])
      .meta({ title: 'What to hear' }),
    system: z.string().min(1).optional().meta({
      title: 'System',
      help: 'Name or id of an external system, or a baseline with its settings: opus:12.',
    }),
    step: z
      .int()
      .min(0)
      .optional()
      .meta({ title: 'Step', help: 'Of a reconstruction; the last one if left out.' }),
    sound: z.boolean().default(true).meta({ title: 'Sound', help: 'Without it, the picture alone.' }),
  }),
  output: z.strictObject({
    run: z.string(),
    clip: z.int(),
    kind: z.string(),
    step: z.int().nullable(),
    label: z.string(),
    sound: soundSchema.nullable(),
    picture: spectrogramPictureSchema,
    mse: anyNumber().nullable(),
  }),
});

/** A spectrogram's difference from another, in signed dB: 0 dB is level 128 of 255. */
export const differencePictureSchema = spectrogramPictureSchema
  .omit({ reference: true })
  .extend({ reference: z.literal('original') });

/** Where a reconstruction is louder or quieter than its recording, on a scale that is the same for all runs. */
export const runsDifference = defineCommand({
  name: 'runs difference',
  readOnly: true,
  summary: 'How a validation clip as the model made it at a step differs from the recording, in signed dB',
  audience: 'window',
  input: z.strictObject({
    run: which,
    clip: z.int().min(0).meta({ title: 'Clip', help: 'Its index in `runs clips`.' }),
    step: z.int().min(0).optional().meta({ title: 'Step', help: 'The last one if left out.' }),
  }),
  output: z.strictObject({
    run: z.string(),
    clip: z.int(),
    step: z.int(),
    picture: differencePictureSchema,
    rmsDb: z.number().meta({ unit: 'dB', help: 'Root mean square over all bins and frames.' }),
    meanDb: z.number().meta({ unit: 'dB', help: 'Above 0 the reconstruction is louder.' }),
  }),
});

export const runsRename = defineCommand({
  name: 'runs rename',
  summary: 'Give a run another name',
  input: z.strictObject({ run: which, name: z.string().min(1).meta({ title: 'New name' }) }),
  output: z.strictObject({ run: z.string(), name: z.string() }),
  positionals: ['run', 'name'],
});

export const runsAnnotate = defineCommand({
  name: 'runs annotate',
  summary: 'Set the notes, tags or colour of a run',
  input: z.strictObject({
    run: which,
    notes: z.string().max(100_000).optional().meta({ title: 'Notes' }),
    tags: z.array(z.string().min(1).max(60)).max(50).optional().meta({ title: 'Tags' }),
    colour: z
      .string()
      .regex(/^#[0-9a-f]{6}$/)
      .optional()
      .meta({ title: 'Colour', help: 'As #rrggbb.' }),
  }),
  output: z.strictObject({
    run: z.string(),
    notes: z.string(),
    tags: z.array(z.string()),
    colour: z.string().nullable(),
  }),
  positionals: ['run'],
});

export const runsDiscard = defineCommand({
  name: 'runs discard',
  summary: 'End a run without saving and delete it; `runs restore` brings back what was saved before',
  input: z.strictObject({ run: which }),
  output: z.strictObject({ run: z.string(), name: z.string() }),
  positionals: ['run'],
});

export const runsRestore = defineCommand({
  name: 'runs restore',
  summary: 'Bring back a run that was deleted',
  input: z.strictObject({ run: which }),
  output: z.strictObject({ run: z.string(), name: z.string() }),
  positionals: ['run'],
});

export const runsUnqueue = defineCommand({
  name: 'runs unqueue',
  summary: 'Take a run out of the queue; it stays, and can be resumed',
  input: z.strictObject({ run: which }),
  output: z.strictObject({ run: z.string(), name: z.string() }),
  positionals: ['run'],
});

export const runsMove = defineCommand({
  name: 'runs move',
  summary: 'Move a queued run to another place in the queue',
  input: z.strictObject({ run: which, place: z.int().min(1).meta({ title: 'Place', help: '1 is next.' }) }),
  output: z.strictObject({ queue: z.array(z.string()) }),
  positionals: ['run', 'place'],
});
