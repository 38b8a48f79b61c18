import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { codesChoice, codesIdentitySchema } from './latent.ts';
import { inversionChoice, inversionMethodSchema, modelChoice, modelUsedSchema } from './reconstruct.ts';
import { soundSchema, spectrogramPictureSchema } from './recordings.ts';

/** The original's phase does not exist for what a model made up. */
const method = inversionMethodSchema
  .exclude(['original-phase'])
  .default('griffin-lim')
  .meta({ title: 'Way from spectrogram to audio' });

const soundChoice = { method, ...inversionChoice };

const copyTo = z.string().min(1).optional().meta({
  title: 'Folder for copies',
  path: true,
  help: 'Also puts the WAV files, pictures and recipe here; they are kept with the run in any case.',
  placeholder: 'DIR',
});

const priorSettings = {
  ...modelChoice,
  n: z.int().min(1).max(256).default(8).meta({ title: 'Clips' }),
  temperature: z.number().min(0).max(4).default(1).meta({
    title: 'Temperature',
    help: 'Factor on the draws of the prior: 1 is the prior itself, less stays closer to its middle.',
  }),
  ...soundChoice,
};

const classMeansSettings = {
  ...codesChoice,
  split: codesChoice.split.default('train'),
  by: z.enum(['label', 'speaker']).default('label').meta({ title: 'Classes' }),
  of: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Which', help: 'Labels or speakers; all of them if left out.', placeholder: 'CLASS' }),
  n: z.int().min(1).max(64).default(1).meta({ title: 'Clips of each class' }),
  scale: z.number().min(0).max(10).default(0.5).meta({
    title: 'Scale of the noise',
    help: 'papers/002 takes 0.5; 0 gives the mean itself.',
  }),
  spread: z.enum(['unit', 'diagonal', 'full']).default('unit').meta({
    title: 'Shape of the noise',
    help: 'unit: the same in every dimension, as papers/002; diagonal: as far as the class spreads in each; full: with the covariance of the class.',
  }),
  levels: z.enum(['standard', 'class']).default('standard').meta({
    title: 'Levels',
    help: 'What 0 and 1 of the spectrogram stand for. standard: -80 to 0 dB, as papers/002; class: the mean extremes of the clips of the class.',
  }),
  ...soundChoice,
};

const interpolateSettings = {
  ...modelChoice,
  from: z.string().min(1).meta({ title: 'First clip', help: 'Its path in the dataset.' }),
  to: z.string().min(1).meta({ title: 'Last clip', help: 'Its path in the dataset.' }),
  steps: z.int().min(2).max(64).default(7).meta({
    title: 'Steps',
    help: 'Clips in all: the first and the last are the reconstructions of the two.',
  }),
  way: z.enum(['linear', 'spherical']).default('linear').meta({
    title: 'Way between them',
    help: 'linear: the straight line. spherical: along the arc, so that codes do not get shorter in the middle.',
  }),
  ...soundChoice,
};

/** What a set of clips was made by, in full: the same recipe gives the same samples. */
export const recipeSchema = z.strictObject({
  schema: z.literal(1),
  identity: codesIdentitySchema,
  dataset: z.strictObject({ id: z.string(), name: z.string() }),
  made: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('prior'), settings: z.strictObject(priorSettings) }),
    z.strictObject({ kind: z.literal('class-means'), settings: z.strictObject(classMeansSettings) }),
    z.strictObject({ kind: z.literal('interpolate'), settings: z.strictObject(interpolateSettings) }),
  ]),
});
export type Recipe = z.output<typeof recipeSchema>;

export const generatedClipSchema = z.strictObject({
  index: z.int(),
  /** What it is, in a few words: 'seven, 2 of 3'. */
  title: z.string(),
  /** The label or speaker that it stands for. */
  group: z.string().nullable(),
  /** 0 at the first clip of an interpolation, 1 at the last. */
  position: z.number().nullable(),
  /** How many clips of the dataset its class mean is a mean of. */
  meanOf: z.int().nullable(),
  /** Levels that 0 and 1 of its spectrogram stand for. */
  minDb: z.number(),
  maxDb: z.number(),
  /** Taken off so that it stays below full scale. */
  attenuatedDb: z.number(),
  /** File names in the folder of the set. */
  audio: z.string(),
  spectrogram: z.string(),
  /** sha256 of the WAV file: the same recipe on the same machine gives it again. */
  sha256: z.string(),
});
export type GeneratedClip = z.output<typeof generatedClipSchema>;

/** Clips that were made together, kept with their run until they are deleted. */
export const generatedSetSchema = z.strictObject({
  /** Made from the recipe: the same recipe is the same set. */
  id: z.string(),
  run: z.string(),
  createdMs: z.number(),
  recipe: recipeSchema,
  model: modelUsedSchema,
  sampleRateHz: z.int(),
  durationSec: z.number(),
  folder: z.string(),
  bytes: z.int().meta({ unit: 'bytes' }),
  clips: z.array(generatedClipSchema),
  /** What to know of it: classes that were left out, clips that were too long. */
  notes: z.array(z.string()),
});
export type GeneratedSet = z.output<typeof generatedSetSchema>;

const generatedOutput = z.strictObject({
  set: generatedSetSchema,
  /** The same recipe had been carried out before: nothing was computed. */
  known: z.boolean(),
  copiedTo: z.string().nullable(),
});
export type Generated = z.output<typeof generatedOutput>;

export const generatePrior = defineCommand({
  name: 'generate prior',
  summary: 'New clips from the prior of a trained model',
  details:
    'Levels run from -80 to 0 dB, since what a model made up has no stored extremes. Clip i depends on the seed and on i alone, not on how many are made.',
  input: z.strictObject({ ...priorSettings, out: copyTo }),
  output: generatedOutput,
  examples: ['generate prior --run my-run --n 16 --temperature 0.7 --out drawn'],
});

export const generateClassMeans = defineCommand({
  name: 'generate class-means',
  summary: 'New clips around the mean code of a label or a speaker, as papers/002 makes its digits',
  details:
    'The mean of the codes of all clips of the class in the split, plus noise of the scale. A class of one clip has no covariance: only `unit` noise can be put on its mean.',
  input: z.strictObject({ ...classMeansSettings, out: copyTo }),
  output: generatedOutput,
  examples: [
    'generate class-means --run my-run --out digits',
    'generate class-means --run my-run --of 7 --n 4 --scale 1 --spread full',
  ],
});

export const generateInterpolate = defineCommand({
  name: 'generate interpolate',
  summary: 'What lies between two clips of the dataset, step by step through the codes',
  details: 'Levels go from those of the first clip to those of the last in equal steps of dB.',
  input: z.strictObject({ ...interpolateSettings, out: copyTo }),
  output: generatedOutput,
  examples: [
    'generate interpolate --run my-run --from recordings/3_theo_0.wav --to recordings/7_theo_0.wav --steps 9',
  ],
});

const run = modelChoice.run;
const set = z.string().min(1).meta({ title: 'Set', help: 'Its id; `generated list` shows it.' });

export const generatedList = defineCommand({
  name: 'generated list',
  readOnly: true,
  summary: 'Clips that were generated from a run and are kept with it',
  input: z.strictObject({ run }),
  output: z.strictObject({
    run: z.string(),
    sets: z.array(generatedSetSchema).meta({ help: 'The newest first.' }),
    bytes: z.int(),
    /** Sets whose files cannot be read. */
    damaged: z.array(z.string()),
  }),
  positionals: ['run'],
  examples: ['generated list my-run'],
});

export const generatedDelete = defineCommand({
  name: 'generated delete',
  summary: 'Delete a set of generated clips; its recipe makes it again',
  input: z.strictObject({ run, set }),
  output: z.strictObject({ run: z.string(), set: z.string(), bytes: z.int() }),
  positionals: ['run', 'set'],
});

export const generatedExport = defineCommand({
  name: 'generated export',
  summary: 'Copy the WAV files, pictures and recipe of a set of generated clips',
  input: z.strictObject({
    run,
    set,
    out: z.string().min(1).meta({
      title: 'Folder for the copies',
      path: true,
      help: 'Made if it is not there; files of the same name are replaced.',
      placeholder: 'DIR',
    }),
  }),
  output: z.strictObject({ folder: z.string(), files: z.array(z.string()) }),
  positionals: ['run', 'set'],
});

export const generatedClip = defineCommand({
  name: 'generated clip',
  readOnly: true,
  summary: 'One generated clip as sound and picture',
  audience: 'window',
  input: z.strictObject({
    run,
    set,
    clip: z.int().min(0).meta({ title: 'Clip' }),
    sound: z.boolean().default(true).meta({ title: 'Sound', help: 'Without it, the picture alone.' }),
  }),
  output: z.strictObject({
    run: z.string(),
    set: z.string(),
    clip: z.int(),
    sound: soundSchema.nullable(),
    picture: spectrogramPictureSchema,
  }),
});
