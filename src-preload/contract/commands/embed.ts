import { z } from 'zod';
import { anyNumber } from '../binary.ts';
import { defineCommand } from '../command.ts';
import { failedFileSchema, inversionChoice, modelChoice, outFolder } from './reconstruct.ts';
import { splitSchema } from './recordings.ts';

/** One recording in an index: its file of codes, and what decoding it needs. */
export const embeddedRowSchema = z.strictObject({
  recording: z.string().meta({ help: 'Its path in the dataset.' }),
  /** NumPy file `[vectors, numbers]` beside the index: float32, or int16 of indices. */
  file: z.string().regex(/^[^/\\]+\.npy$/, 'has to be the name of a .npy file in the same folder'),
  vectors: z.int().min(1),
  numbers: z.int().min(1),
  /** From the beginning of the recording to that of the first vector. */
  fromSec: z.number(),
  /** From one vector to the next; null where they are positions of a grid, which do not follow on one another in time. */
  stepSec: z.number().nullable(),
  /** Of the recording that the code stands for. */
  seconds: z.number().min(0),
  label: z.string().nullable(),
  speaker: z.string().nullable(),
  split: splitSchema,
  /** Levels that 0 and 1 of its spectrogram stand for; null for models of power. */
  minDb: anyNumber().nullable(),
  maxDb: anyNumber().nullable(),
  /** What its samples were divided by; 1 mostly. */
  scale: z.number().positive(),
  /** One vector of the whole recording beside those in time, for models that have one. */
  whole: z.array(anyNumber()).nullable(),
  warnings: z.array(z.string()),
});
export type EmbeddedRow = z.output<typeof embeddedRowSchema>;

/** What all files of a folder were made of. */
export const embeddingSchema = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  name: z.string(),
  preset: z.string(),
  family: z.string(),
  step: z.int(),
  /** sha256 of the checkpoint's tensors. */
  weights: z.string(),
  dataset: z.strictObject({ id: z.string(), name: z.string(), splitHash: z.string() }),
  split: z.string(),
  sampleRateHz: z.int(),
  /** Of a discrete code, the positions of a clip, bins x frames: its vectors are they, row after row. */
  grid: z.array(z.int()).nullable().default(null),
});
export type Embedding = z.output<typeof embeddingSchema>;

export const embed = defineCommand({
  name: 'embed',
  summary: 'Encode a dataset: a NumPy file of codes a recording, and an index',
  details:
    'Works for every model with an encoder. A file is [vectors, numbers], float32, the mean of the posterior: a vector each 25 ms of models of fragments, one each frame of dynamical models, one a clip of models of clips; of discrete codes int16, the indices of each position of its grid, row after row, the stages of a position side by side. Beside them lie embedding.json (run, checkpoint with its hash, dataset), index.jsonl (a line a recording: file, shape, times, label, speaker, split, levels) and, at the end, the same as index.csv. What was ended goes on where it was; a folder that holds the codes of another checkpoint or split is refused. `unembed` makes sound of them again.',
  input: z.strictObject({
    ...modelChoice,
    dataset: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Dataset', help: 'Its name or id; that of the run if left out.' }),
    split: z
      .enum([...splitSchema.options, 'all'])
      .default('all')
      .meta({ title: 'Split' }),
    out: outFolder,
  }),
  output: z.strictObject({
    embedding: embeddingSchema,
    folder: z.string(),
    index: z.string(),
    recordings: z.int(),
    /** Were there already. */
    kept: z.int(),
    vectors: z.int(),
    numbers: z.int(),
    failed: z.array(failedFileSchema),
  }),
  examples: ['embed --run my-run --dataset speech --out codes'],
  partlyFailed: ({ failed }) => failed.length > 0,
});
export type Embedded = z.output<typeof embed.output>;

export const unembed = defineCommand({
  name: 'unembed',
  summary: 'Decode codes that `embed` wrote, as they are or changed, to sound',
  details:
    'Each file goes through the decoder of the very checkpoint that it was made with; frames are overlapped and added, the phase is estimated (Griffin-Lim). Files may have been changed, and be longer or shorter where the model takes recordings of any length: float32 or float64, as many numbers a vector as before. Dynamical models that generate a frame from those before do so from their own.',
  input: z.strictObject({
    folder: z.string().min(1).meta({
      title: 'Folder of codes',
      path: true,
      placeholder: 'DIR',
      help: 'The one that `embed` wrote.',
    }),
    recordings: z.array(z.string().min(1)).default([]).meta({
      title: 'Recordings',
      placeholder: 'RECORDING',
      help: 'By their paths in the dataset or by their files; all if left out.',
    }),
    out: outFolder,
    ...inversionChoice,
  }),
  output: z.strictObject({
    embedding: embeddingSchema,
    folder: z.string(),
    sounds: z.array(
      z.strictObject({
        recording: z.string(),
        file: z.string(),
        seconds: z.number(),
        attenuatedDb: z.number(),
      }),
    ),
    failed: z.array(failedFileSchema),
  }),
  positionals: ['folder', 'recordings'],
  examples: ['unembed codes --out heard', 'unembed codes 7_theo_1.wav --out heard'],
  partlyFailed: ({ failed }) => failed.length > 0,
});
export type Unembedded = z.output<typeof unembed.output>;
