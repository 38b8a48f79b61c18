import { z } from 'zod';
import { anyNumber } from '../binary.ts';
import { defineCommand } from '../command.ts';

/** What a classifier of labels says of a set of sounds. */
export const samplerFiguresSchema = z.strictObject({
  count: z.int(),
  /** Share that is classified as what it is, or as what it was asked to be; null where nobody knows. */
  accuracy: z.number().nullable(),
  /** Mean probability of the likeliest label. */
  confidence: z.number(),
  /** That, over the confidence of recordings that were not trained on. */
  confidenceOfReal: anyNumber(),
  /** Entropy of the likeliest labels, in bits: log2 of the labels where all are drawn alike. */
  labelEntropyBits: z.number().meta({ unit: 'bits' }),
  /** Labels that come up at all. */
  labels: z.int(),
  /** Mean distance of two sounds of the set, in the layer before the classifier's last. */
  diversity: z.number(),
  /** Median distance to the nearest training recording, there: far below that of real recordings, it copies. */
  nearestDistance: z.number(),
});
export type SamplerFigures = z.output<typeof samplerFiguresSchema>;

const sourceKinds = z.enum(['run', 'real', 'noise']);

export const judgedClipSchema = z.strictObject({
  /** The recording, or the clip's number in its set; a number of noise is heard nowhere. */
  name: z.string(),
  /** What it is classified as. */
  label: z.string(),
  /** What it is, or was asked to be; null where nobody knows. */
  meant: z.string().nullable(),
  confidence: z.number(),
  /** The training recording that lies nearest. */
  nearest: z.strictObject({ recording: z.string(), label: z.string(), distance: z.number() }),
});
export type JudgedClip = z.output<typeof judgedClipSchema>;

export const samplerSourceSchema = z.strictObject({
  kind: sourceKinds,
  name: z.string(),
  /** Of a run: its id, its step and the set that its clips are kept in. */
  run: z.string().nullable(),
  preset: z.string().nullable(),
  step: z.int().nullable(),
  set: z.string().nullable(),
  figures: samplerFiguresSchema,
  clips: z.array(judgedClipSchema),
});
export type SamplerSource = z.output<typeof samplerSourceSchema>;

export const samplersOffered = defineCommand({
  name: 'samplers offered',
  readOnly: true,
  summary: 'The presets that learn where the codes of a run lie, and why one of them cannot',
  input: z.strictObject({
    run: z
      .string()
      .min(1)
      .meta({ title: 'Run', help: 'Its name or id; RUN@STEP is one of its checkpoints.' }),
  }),
  output: z.strictObject({
    samplers: z.array(
      z.strictObject({
        preset: z.string(),
        title: z.string(),
        summary: z.string(),
        hindrance: z.string().nullable().meta({ help: 'Why it cannot be trained on this run.' }),
        remedy: z.string().nullable().meta({ help: 'What to do about that.' }),
      }),
    ),
  }),
  positionals: ['run'],
  examples: ['samplers offered coarse'],
});

export const samplersCompare = defineCommand({
  name: 'samplers compare',
  summary:
    'Compare what runs draw from their priors, by a classifier of labels that is trained on real recordings',
  details:
    'Draws as many clips of each run as its prior gives (they are kept with the run, as by `generate prior`), trains a small convolutional classifier of the labels on mel bands of the training recordings, and judges every clip as it is heard: confidence, labels, diversity, the nearest training recording. A sampler that was trained with labels is asked for each in turn: how many of its clips are classified as asked is told as well. Real recordings of the test split (of the validation split where there is none) and white noise stand beside them. The classifier is kept in the data folder and not trained again. With --out the figures are written, as CSV or JSON by the ending.',
  input: z.strictObject({
    runs: z.array(z.string().min(1)).min(1).max(8).meta({
      title: 'Runs',
      help: 'Names or ids of runs with a prior.',
      placeholder: 'RUN',
    }),
    dataset: z.string().min(1).optional().meta({
      title: 'Dataset',
      help: 'Recordings with labels that the classifier learns; the dataset of the first run if left out.',
    }),
    n: z.int().min(2).max(256).default(32).meta({ title: 'Clips of each run' }),
    seed: z.int().min(0).max(2_147_483_647).default(0).meta({
      title: 'Seed',
      help: 'Of the draws, of the classifier and of the noise.',
    }),
    temperature: z.number().min(0).max(4).default(1).meta({
      title: 'Temperature',
      help: 'Factor on the draws of the priors: 1 is the prior itself, less stays closer to its middle.',
    }),
    asked: z.enum(['each', 'none']).default('each').meta({
      title: 'Labels asked for',
      help: 'Of samplers that were trained with labels. each: every label in turn, so that it is known what a clip is to be; none: whatever they draw.',
    }),
    epochs: z.int().min(1).max(200).default(12).meta({
      title: 'Epochs of the classifier',
      unit: 'epochs',
    }),
    out: z.string().min(1).optional().meta({
      title: 'File for the figures',
      path: true,
      help: 'Ends in .csv or .json.',
      placeholder: 'FILE',
    }),
  }),
  output: z.strictObject({
    dataset: z.strictObject({ id: z.string(), name: z.string() }),
    classifier: z.strictObject({
      labels: z.array(z.string()),
      trainedOn: z.int(),
      trainAccuracy: z.number(),
      testedOn: z.int(),
      testSplit: z.enum(['test', 'validation']),
      /** On recordings that it has not heard. */
      testAccuracy: z.number(),
      epochs: z.int(),
      seed: z.int(),
      /** It had been trained before. */
      cached: z.boolean(),
    }),
    sources: z.array(samplerSourceSchema).meta({ help: 'Real recordings, the runs in order, noise.' }),
    file: z.string().nullable(),
  }),
  positionals: ['runs'],
  examples: ['samplers compare coarse-flow coarse-prior --n 64 --out samplers.csv'],
});
export type SamplerComparison = z.output<typeof samplersCompare.output>;
