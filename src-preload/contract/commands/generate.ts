import { z } from 'zod';
import { defineCommand } from '../command.ts';
import {
  classMeansSettings,
  componentsSettings,
  continueSettings,
  freeRunningSettings,
  interpolateSettings,
  priorSettings,
} from './generate-settings.ts';
import { codesIdentitySchema } from './latent.ts';
import { modelChoice, modelUsedSchema } from './reconstruct.ts';
import { soundSchema, spectrogramPictureSchema } from './recordings.ts';

const copyTo = z.string().min(1).optional().meta({
  title: 'Folder for copies',
  path: true,
  help: 'Also puts the WAV files, pictures and recipe here; they are kept with the run in any case.',
  placeholder: 'DIR',
});

/** Which sound a model was given: another one behind the same name is another recipe. */
export const givenRecordingSchema = z.strictObject({
  /** Null for a file of no dataset. */
  dataset: z.string().nullable(),
  contentHash: z.string(),
  startSec: z.number().nullable(),
  endSec: z.number().nullable(),
});

/** What a set of clips was made by, in full: the same recipe gives the same samples. */
export const recipeSchema = z.strictObject({
  schema: z.literal(1),
  identity: codesIdentitySchema,
  dataset: z.strictObject({ id: z.string(), name: z.string() }),
  made: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('prior'), settings: z.strictObject(priorSettings) }),
    z.strictObject({ kind: z.literal('class-means'), settings: z.strictObject(classMeansSettings) }),
    z.strictObject({ kind: z.literal('components'), settings: z.strictObject(componentsSettings) }),
    z.strictObject({ kind: z.literal('interpolate'), settings: z.strictObject(interpolateSettings) }),
    z.strictObject({
      kind: z.literal('continue'),
      settings: z.strictObject(continueSettings),
      given: givenRecordingSchema,
    }),
    z.strictObject({
      kind: z.literal('free-running'),
      settings: z.strictObject(freeRunningSettings),
      given: givenRecordingSchema,
    }),
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
  /** Frames of its spectrogram; left out where every clip has those of the model's pipeline. */
  frames: z.int().optional(),
  /** Seconds at its beginning that are the recording itself; null where nothing is. */
  givenSec: z.number().nullable().default(null),
  /** Log-spectral distance from the recording over all frames; null where there is none to hold it against. */
  lsdDb: z.number().nullable().default(null),
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
    'Of models of clips levels run from -80 to 0 dB, since what a model made up has no stored extremes. Dynamical models draw sequences of any length, each frame from the codes and frames that they have drawn before. Clip i depends on the seed and on i alone, not on how many are made.',
  input: z.strictObject({ ...priorSettings, out: copyTo }),
  output: generatedOutput,
  examples: [
    'generate prior --run my-run --n 16 --temperature 0.7 --out drawn',
    'generate prior --run my-vrnn --n 4 --seconds 10 --frames drawn',
  ],
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

export const generateComponents = defineCommand({
  name: 'generate components',
  summary: 'What a component of a mixture prior stands for: its mean, or draws from it',
  details:
    'Of models whose prior is a mixture of Gaussians; `latent components` tells how much each is used. Levels run from -80 to 0 dB, since what a model made up has no stored extremes.',
  input: z.strictObject({ ...componentsSettings, out: copyTo }),
  output: generatedOutput,
  examples: [
    'generate components --run my-run --out means',
    'generate components --run my-run --of 3 --n 8 --scale 1',
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

export const generateContinue = defineCommand({
  name: 'generate continue',
  summary: 'Continue a recording with a dynamical model: its first seconds are given, what follows is drawn',
  details:
    'Up to --from the codes are those of the posterior of what is given, and frames are generated from the true frames before (teacher forcing); from there on codes are drawn from the prior, and the model hears only itself. It is told nothing of what the recording goes on to say. The given part is heard as it is, with its own phase; that of what follows is found by Griffin-Lim. The silence at the ends of the recording is cut first. Continuation i depends on the seed and on i alone.',
  input: z.strictObject({ ...continueSettings, out: copyTo }),
  output: generatedOutput,
  examples: [
    'generate continue --run my-run --recording 19/198/19-198-0000.flac --from 1.5 --seconds 4',
    'generate continue --run my-run --recording ~/speech/hello.wav --from 1 --n 5 --frames drawn --out heard',
  ],
});

export const generateFreeRunning = defineCommand({
  name: 'generate free-running',
  summary: "Reconstruct a recording twice: from the true frames before, and from the model's own",
  details:
    'Teacher-forced, as the published code of papers/004 only ever does: each frame is generated from the code and the true frames before it. Free-running: from the code and the frames that the model itself has generated. Both have the same codes, those of the posterior of the recording; where the posterior looks at frames before (VRNN, SRNN), those are the true ones in both. Models that generate no frame from frames before give the same twice. Each is held against the recording by its log-spectral distance.',
  input: z.strictObject({ ...freeRunningSettings, out: copyTo }),
  output: generatedOutput,
  examples: ['generate free-running --run my-run --recording 19/198/19-198-0000.flac --out heard'],
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
