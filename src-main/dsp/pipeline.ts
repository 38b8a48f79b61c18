import { z } from 'zod';

/**
 * The log-magnitude spectrogram of papers/001 and papers/002: mono, resampled, cut or right-padded with zeros to a fixed
 * length, STFT, Nyquist row dropped, dB below the clip's maximum, scaled to 0..1 by the clip's own extremes.
 */
export const logSpectrogramSchema = z.strictObject({
  kind: z.literal('log-spectrogram').default('log-spectrogram'),
  sampleRateHz: z.int().min(1000).max(384_000).default(22_050).meta({ unit: 'Hz', title: 'Sample rate' }),
  durationSec: z.number().min(0.02).max(60).default(0.74).meta({ unit: 's', title: 'Clip length' }),
  nFft: z.int().min(16).max(8192).default(512).meta({ unit: 'samples', title: 'FFT size' }),
  hopLength: z.int().min(1).max(8192).default(256).meta({ unit: 'samples', title: 'Hop' }),
  topDb: z.number().min(10).max(200).default(80).meta({ unit: 'dB', title: 'Range below the maximum' }),
});

export const featurePipelineSchema = z.discriminatedUnion('kind', [logSpectrogramSchema]);

export type FeaturePipelineConfig = z.output<typeof featurePipelineSchema>;

/** Frames and bins of one clip under a pipeline: `frames = 1 + floor(samples / hop)`, the Nyquist row dropped. */
export function featureShape(config: FeaturePipelineConfig): { bins: number; frames: number; samples: number } {
  const samples = Math.floor(config.durationSec * config.sampleRateHz);
  return { bins: config.nFft / 2, frames: 1 + Math.floor(samples / config.hopLength), samples };
}
