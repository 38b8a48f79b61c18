import { z } from 'zod';
import { isPowerOfTwo } from '../fft.ts';

/**
 * The fragments of papers/000: 128 x 8 pieces of a spectrogram, 25 ms each, at 16 kHz (LibriSpeech, Speech Commands), twelve of
 * them in its window of 300 ms. The paper gives only that: an FFT of 256 samples without its Nyquist row has 128 bins, and 8
 * frames every 50 samples last 25 ms; dB of the upper `topDb`, scaled to 0..1 by the recording's own extremes, are ours, as in the
 * other pipelines.
 */
export const fragmentsSchema = z
  .strictObject({
    kind: z.literal('fragments').default('fragments'),
    sampleRateHz: z.int().min(1000).max(384_000).default(16_000).meta({
      title: 'Sample rate',
      unit: 'Hz',
      help: 'Recordings are resampled to this rate.',
    }),
    nFft: z.int().min(16).max(8192).default(256).meta({
      title: 'FFT size',
      unit: 'samples',
      help: 'Length of a frame, a power of two; half of it is the number of frequency bins.',
    }),
    hopLength: z.int().min(1).max(8192).default(50).meta({
      title: 'Hop',
      unit: 'samples',
      help: 'From one frame to the next; not more than half of the FFT size, or the audio could not be rebuilt.',
    }),
    fragmentFrames: z.int().min(1).max(1024).default(8).meta({
      title: 'Frames of a fragment',
      unit: 'frames',
      help: 'Each fragment has a code of its own: 8 frames every 50 samples are 25 ms at 16 kHz.',
    }),
    fragments: z.int().min(1).max(4096).default(12).meta({
      title: 'Fragments of a window',
      unit: 'fragments',
      help: 'Recordings are cut into windows of so many: what a training counts as one clip, and how long what is generated lasts. The model sees each fragment by itself, and recordings are reconstructed whole.',
    }),
    topDb: z.number().min(10).max(200).default(80).meta({
      title: 'Range below the maximum',
      unit: 'dB',
      help: "Levels further below the recording's loudest are raised to this.",
    }),
  })
  .superRefine((config, context) => {
    if (!isPowerOfTwo(config.nFft)) {
      const message = `nFft is ${config.nFft}: a power of two is needed`;
      context.addIssue({ code: 'custom', path: ['nFft'], message });
    }
    if (config.hopLength > config.nFft / 2) {
      const message = `hopLength is ${config.hopLength}: at most half of nFft (${config.nFft / 2}) lets the audio be rebuilt`;
      context.addIssue({ code: 'custom', path: ['hopLength'], message });
    }
  });
export type FragmentsConfig = z.output<typeof fragmentsSchema>;

/** Samples of one fragment, at the pipeline's rate. */
export function fragmentSamples({ fragmentFrames, hopLength }: FragmentsConfig): number {
  return fragmentFrames * hopLength;
}

/** Fragments that hold `samples` samples, the last one filled with silence; one at least. */
export function fragmentsIn(samples: number, config: FragmentsConfig): number {
  return Math.max(1, Math.ceil(samples / fragmentSamples(config)));
}
