import { z } from 'zod';
import { defineCommand } from '../command.ts';

export const inversionMethodSchema = z.enum(['griffin-lim', 'original-phase', 'zero-phase']);
export type InversionMethodName = z.output<typeof inversionMethodSchema>;

/** Bits that one number of the latent code may be given; 32 is the float itself. */
export const codeBitsSchema = z.literal([32, 16, 8, 6, 4]);
export type CodeBitsChoice = z.output<typeof codeBitsSchema>;

/** What of a model's codes there is to choose: bits of their numbers, mean or drawn, and whose frames the next is made from. */
export const codeChoiceSchema = z.enum(['bits', 'latent', 'feedback']);
export type CodeChoice = z.output<typeof codeChoiceSchema>;

/** What an utterance is reconstructed from. */
export const latentModeSchema = z.enum(['mean', 'sample']);
export type LatentMode = z.output<typeof latentModeSchema>;

/** What an autoregressive model generates its next frame from. */
export const feedbackSchema = z.enum(['recording', 'own']);
export type FeedbackMode = z.output<typeof feedbackSchema>;

/** What a reconstruction may leave to chance, and what it may be told. */
export const latentOption = latentModeSchema.default('mean').meta({
  title: 'Codes',
  help: 'mean of the posterior; sample draws from it by the seed, as the published code of papers/004 does.',
});
export const feedbackOption = feedbackSchema.default('recording').meta({
  title: 'Frames before',
  help: 'What models that generate a frame from the frames before are given there. recording: the true ones (teacher forcing), as the published code of papers/004 does; own: those that the model has generated (free-running). Other models have none.',
});

/** Of a discrete code, by how many of its stages a clip is decoded. */
export const stagesOption = z.int().min(1).max(16).optional().meta({
  title: 'Stages',
  help: 'Of a model with a discrete code: decodes by its first stages alone, for fewer bits; all if left out.',
});

/** Inputs that choose a trained model: the same for every command that runs one. */
export const modelChoice = {
  run: z.string().min(1).meta({ title: 'Run', help: 'Its name or id; `runs list` shows both.' }),
  checkpoint: z
    .union([z.enum(['best', 'last']), z.int().min(0)])
    .default('best')
    .meta({
      title: 'Checkpoint',
      help: 'The one with the best validation, the last one, or the one of this step.',
      placeholder: 'best|last|STEP',
    }),
};

/** Inputs that say how a spectrogram becomes audio. */
export const inversionChoice = {
  iterations: z.int().min(0).max(10_000).default(32).meta({
    title: 'Griffin-Lim iterations',
    help: 'More come closer to the magnitudes and take longer; 0 keeps the random phase.',
  }),
  seed: z.int().min(0).max(2_147_483_647).default(0).meta({
    title: 'Seed',
    help: 'The same seed gives the same audio.',
  }),
};

export const outFolder = z.string().min(1).meta({
  title: 'Folder for the results',
  path: true,
  help: 'Made if it is not there; files of the same name are replaced.',
  placeholder: 'DIR',
});

/** How far one spectrogram is from another; every variant is named in full, since their figures cannot be mixed. */
export const spectrogramErrorSchema = z.strictObject({
  /** Mean squared error of the 0..1 features over all bins and frames: what the model's loss is made of. */
  mse: z.number(),
  /** Mean over all frames of the root mean square over bins of the difference in dB. */
  lsdAllFramesDb: z.number(),
  /** The same over the frames that hold speech: those centred before the recording ends, the padding left out. */
  lsdSpokenFramesDb: z.number(),
});

const bitrateSchema = z.strictObject({
  codeNumbers: z.int(),
  bitsPerCodeNumber: z.number().meta({ help: 'Of an index, the logarithm of the codes there are.' }),
  sideNumbers: z.int(),
  bitsPerSideNumber: z.int(),
  bitsPerClip: z.int(),
  seconds: z.number(),
  secondsMeaning: z.enum(['padded', 'spoken']),
  bitsPerSecond: z.number(),
  kilobitsPerSecond: z.number(),
  /** The account in one line: '(128 x 32 + 2 x 32) bits / 0.74 s padded = 5.62 kb/s'. */
  text: z.string(),
});

/** What one code width costs in bits and in quality. */
export const codeWidthSchema = z.strictObject({
  bitsPerCodeNumber: codeBitsSchema,
  error: spectrogramErrorSchema,
  /** Numbers of the code that lay outside the quantiser's range and were moved to its end. */
  clippedNumbers: z.int(),
  padded: bitrateSchema,
  /** Over at least one frame; null for a recording without a single sample of sound before the padding. */
  spoken: bitrateSchema.nullable(),
});

const audioFileSchema = z.strictObject({
  method: inversionMethodSchema,
  /** How this audio is called wherever it is shown. */
  label: z.string(),
  file: z.string(),
  /**
   * The audio analysed again, against the original: what was lost on the whole way. Levels count from the loudest bin of
   * each, so that a different gain (the peak of 0.9 of zero phase) is no error.
   */
  error: spectrogramErrorSchema,
});

export const reconstructedClipSchema = z.strictObject({
  /** As given. */
  source: z.string(),
  /** Beginning of the names of its files. */
  name: z.string(),
  sourceSampleRateHz: z.number(),
  sourceDurationSec: z.number(),
  /** Seconds of the recording that the model is given, at most the clip length of its pipeline. */
  spokenSec: z.number(),
  /** Seconds of the clip with its padding. */
  paddedSec: z.number(),
  /** Levels that 0 and 1 of the features stand for. */
  minDb: z.number(),
  maxDb: z.number(),
  /** KL of the posterior to the prior, summed over dimensions, in nats. */
  klNats: z.number(),
  /** The model's output for z = mean, at the code width chosen, against the clip's own spectrogram. */
  error: spectrogramErrorSchema,
  codeWidths: z.array(codeWidthSchema),
  /** Gain taken off all of this clip's audio alike, so that none exceeds full scale; 0 for none. */
  attenuatedDb: z.number(),
  original: z.string(),
  /** Preprocess then invert, no model: the best that this pipeline and method allow. */
  ceiling: z.array(audioFileSchema),
  reconstruction: z.array(audioFileSchema),
  spectrogram: z.string(),
  /** NumPy file [3, bins, frames], float32, in dB: original, ceiling as it sounds, the model's output. */
  levels: z.string(),
  warnings: z.array(z.string()),
});
export type ReconstructedClip = z.output<typeof reconstructedClipSchema>;

export const failedFileSchema = z.strictObject({
  source: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
});

/** Which model made these results, on what. */
export const modelUsedSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  preset: z.string(),
  step: z.int(),
  epoch: z.int(),
  backend: z.string(),
  device: z.string(),
  mode: z.enum(['compiled', 'eager']),
  /** Damaged checkpoints passed over, and other things to know. */
  notes: z.array(z.string()),
});
export type ModelUsed = z.output<typeof modelUsedSchema>;

export const reconstructOutputSchema = z.strictObject({
  model: modelUsedSchema,
  folder: z.string(),
  /** results.json inside it: this output. */
  results: z.string(),
  sampleRateHz: z.int(),
  bits: codeBitsSchema,
  /** Which range the quantiser divides into cells. */
  codeRange: z.string(),
  clips: z.array(reconstructedClipSchema),
  failed: z.array(failedFileSchema),
});
export type ReconstructOutput = z.output<typeof reconstructOutputSchema>;

export const reconstruct = defineCommand({
  name: 'reconstruct',
  summary: 'Put recordings through a trained model, and hear what it makes of them',
  details:
    'Writes for each: the original as the model is given it, the ceiling (the same way without a model) and the reconstruction as WAV; a spectrogram PNG of the three on one dB scale; their levels as NumPy file; and results.json with errors and bitrates. Of a recording longer than the clip length of the model only the beginning is modelled, with a warning; dynamical models take it whole, without the silence at its ends, and generate from the true frames before where they generate from frames before unless --feedback own says otherwise (the figures of papers/004 are with --method original-phase). A file that cannot be read is reported and the rest done; the exit code is then 1.',
  input: z.strictObject({
    files: z.array(z.string().min(1)).min(1).meta({ title: 'Recordings', placeholder: 'FILE', path: true }),
    ...modelChoice,
    out: outFolder,
    method: z
      .enum([...inversionMethodSchema.options, 'all'])
      .default('griffin-lim')
      .meta({
        title: 'Way from spectrogram to audio',
        help: 'griffin-lim estimates the phase; original-phase borrows it from the original; zero-phase is what the code of papers/002 does, with its peak of 0.9.',
      }),
    ...inversionChoice,
    bits: codeBitsSchema.default(32).meta({
      title: 'Bits of each number of the code',
      unit: 'bits',
      help: 'Of the code that the written reconstruction is decoded from; the table of all widths is always made.',
    }),
    stages: stagesOption,
    latent: latentOption,
    feedback: feedbackOption,
  }),
  output: reconstructOutputSchema,
  positionals: ['files'],
  examples: [
    'reconstruct --run my-run recordings/0_jackson_0.wav --out heard',
    'reconstruct --run my-run --checkpoint last --method all --bits 8 recordings/*_theo_1.wav --out heard',
  ],
  partlyFailed: (output) => output.failed.length > 0,
});
