import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { inversionChoice, modelChoice, modelUsedSchema, spectrogramErrorSchema } from './reconstruct.ts';
import { soundSchema, spectrogramPictureSchema } from './recordings.ts';
import { uploadId } from './uploads.ts';

// A recording that is not in any dataset: dropped on the page, or spoken into it (uploads.ts). The command line has `reconstruct`
// and `recordings cut`.

/** What is taken from a page, and what of it is modelled. */
export const voiceLimits = {
  /** Longer files are refused: they are for the library. */
  recordingSec: 600,
  /** Modelled at a time; from where is chosen. */
  modelledSec: 30,
} as const;

/** What a file turned out to be. */
export const uploadedAudioSchema = z.strictObject({
  durationSec: z.number().meta({ unit: 's' }),
  sampleRateHz: z.number(),
  channels: z.int(),
  codec: z.string(),
  container: z.string(),
});

export const voiceExamine = defineCommand({
  name: 'voice examine',
  readOnly: true,
  summary: 'What an uploaded recording is; one that is no audio, or too long, is refused and thrown away',
  audience: 'window',
  input: z.strictObject({ upload: uploadId }),
  output: uploadedAudioSchema,
});

export const voiceKeep = defineCommand({
  name: 'voice keep',
  summary: 'Keep an uploaded recording as a file; another file is never replaced',
  audience: 'window',
  input: z.strictObject({
    upload: uploadId,
    folder: z.string().min(1).meta({ title: 'Folder', path: true, help: 'Made if it is not there.' }),
  }),
  output: z.strictObject({ file: z.string() }),
});

export const voiceReady = defineCommand({
  name: 'voice ready',
  summary: 'Load a trained model, so that the first recording does not wait for it',
  audience: 'window',
  input: z.strictObject({ ...modelChoice }),
  output: z.strictObject({ model: modelUsedSchema, tookMs: z.number() }),
});

const heardSchema = z.strictObject({ sound: soundSchema, picture: spectrogramPictureSchema });

export const voiceReconstruct = defineCommand({
  name: 'voice reconstruct',
  readOnly: true,
  summary: 'Put one recording through a trained model, as sound and pictures',
  audience: 'window',
  input: z.strictObject({
    ...modelChoice,
    upload: uploadId.optional().meta({ title: 'Upload', help: 'Or a recording of a dataset.' }),
    dataset: z.string().min(1).optional().meta({ title: 'Dataset' }),
    recording: z.string().min(1).optional().meta({ title: 'Recording' }),
    fromSec: z.number().min(0).default(0).meta({ title: 'From', unit: 's' }),
    extent: z.enum(['pieces', 'first']).default('pieces').meta({
      title: 'Of what is longer than a clip',
      help: 'pieces: clips that overlap by a quarter, their spectrograms faded into one another; first: one clip.',
    }),
    ...inversionChoice,
  }),
  output: z.strictObject({
    model: modelUsedSchema,
    /** What messages call the recording. */
    name: z.string(),
    sampleRateHz: z.number().meta({ help: 'Of the recording.' }),
    channels: z.int(),
    wholeSec: z.number().meta({ unit: 's' }),
    fromSec: z.number().meta({ unit: 's' }),
    modelledSec: z.number().meta({ unit: 's', help: 'Of the recording, without the zeros after it.' }),
    clipSec: z.number().meta({ unit: 's', help: 'What the model is given at a time.' }),
    pieces: z.int(),
    overlapSec: z.number().meta({ unit: 's', help: 'Of neighbouring pieces; 0 for one.' }),
    silent: z.boolean(),
    klNats: z.number().meta({ help: 'Of the posterior to the prior, mean over the pieces.' }),
    /** The model's output against the spectrogram that it was given. */
    error: spectrogramErrorSchema,
    /** Their sound analysed again, levels from the loudest bin of each. */
    ceilingError: spectrogramErrorSchema,
    heardError: spectrogramErrorSchema,
    method: z.string(),
    attenuatedDb: z
      .number()
      .meta({ unit: 'dB', help: 'Taken off all three alike, to stay below full scale.' }),
    original: heardSchema,
    ceiling: heardSchema,
    reconstruction: heardSchema,
    notes: z.array(z.string()),
    tookMs: z.strictObject({
      decode: z.number(),
      model: z.number(),
      sound: z.number(),
      /** In the process that keeps models loaded, from reading the file on. */
      whole: z.number(),
    }),
  }),
});
