import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { conventionSchema, featureKinds, featureKindSchema } from '../features/settings.ts';

const kindWords = Object.entries(featureKinds)
  .map(([kind, words]) => `${kind}: ${words}`)
  .join(' ');

export const featuresOutputSchema = z.strictObject({
  file: z.string(),
  out: z.string(),
  kind: featureKindSchema,
  /** As numpy reads it: `[bins or rows, frames]`. */
  shape: z.array(z.int()),
  dtype: z.enum(['float32', 'complex64']),
  /** True where the file holds one frame after the other; numpy reads either alike. */
  fortranOrder: z.boolean(),
  /** The rate that the features are at. */
  sampleRateHz: z.int(),
  sourceSampleRateHz: z.int(),
  /** Samples that went in, at `sampleRateHz`. */
  samples: z.int(),
  /** Seconds from frame to frame. */
  hopSec: z.number(),
  convention: conventionSchema,
  /** Every setting as it was used, those that were left out too. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Figures of the whole file, by name: integrated loudness of the kind loudness. */
  figures: z.record(z.string(), z.number().nullable()),
  warnings: z.array(z.string()),
});
export type FeaturesOutput = z.output<typeof featuresOutputSchema>;

export const featuresCommand = defineCommand({
  name: 'features',
  summary: 'Compute features of a recording as librosa does, into a NumPy file',
  details: `Writes float32 (stft: complex64) of shape [bins, frames], which numpy.load reads. Channels are mixed to one. Settings have librosa's names and defaults: sr is 22050 unless set, sr=native keeps the rate of the file; hop is another name of hop_length. At the rate of the file the numbers are librosa's to single precision; resampled they differ by what the resamplers do above nine tenths of the lower Nyquist frequency and in the last sample. Setting a name that a kind does not have is refused. ${kindWords}`,
  input: z.strictObject({
    file: z.string().min(1).meta({ title: 'Recording', path: true, placeholder: 'FILE' }),
    kind: featureKindSchema.default('stft').meta({ title: 'Kind', placeholder: 'KIND' }),
    set: z.record(z.string(), z.string()).default({}).meta({
      title: 'Settings',
      help: 'key=value, one or more: --set n_fft=512 hop=256 sr=native.',
      placeholder: 'KEY=VALUE',
    }),
    convention: conventionSchema.default('librosa').meta({
      title: 'Convention',
      help: 'Whose defaults count: librosa 0.11, or torchaudio 2 (its own rate, 400 samples every 200, reflected, HTK mel).',
    }),
    out: z
      .string()
      .min(1)
      .meta({ title: 'NumPy file', path: true, placeholder: 'FILE.npy', help: 'Replaced if it is there.' }),
  }),
  output: featuresOutputSchema,
  positionals: ['file'],
  examples: [
    'features speech.flac --kind logmel --set n_fft=512 hop=256 sr=native --out logmel.npy',
    'features speech.wav --kind mfcc --set n_mfcc=13 --out mfcc.npy --json',
    'features speech.wav --kind mel --convention torchaudio --out mel.npy',
  ],
});
