import { z } from 'zod';
import { isPowerOfTwo } from './fft.ts';
import { fragmentsIn, fragmentsSchema } from './pipelines/fragments.ts';
import { channelsOf, clipSamples, framesIn, magnitudePhaseSchema } from './pipelines/magnitude-phase.ts';
import { powerSpectrogramSchema } from './pipelines/power-spectrogram.ts';

export { generatedExtremes } from './minmax.ts';

/**
 * The log-magnitude spectrogram of papers/001 and papers/002: mono, resampled, cut or right-padded with zeros to a fixed
 * length, STFT, Nyquist row dropped, dB of which the upper `topDb` are kept, scaled to 0..1 by the clip's own extremes.
 */
export const logSpectrogramSchema = z
  .strictObject({
    kind: z.literal('log-spectrogram').default('log-spectrogram'),
    sampleRateHz: z.int().min(1000).max(384_000).default(22_050).meta({
      unit: 'Hz',
      title: 'Sample rate',
      help: 'Recordings are resampled to this rate.',
    }),
    durationSec: z.number().min(0.02).max(60).default(0.74).meta({
      unit: 's',
      title: 'Clip length',
      help: 'Longer recordings are cut, shorter ones get zeros at the end.',
    }),
    nFft: z.int().min(16).max(8192).default(512).meta({
      unit: 'samples',
      title: 'FFT size',
      help: 'Length of a frame, a power of two; half of it is the number of frequency bins.',
    }),
    hopLength: z.int().min(1).max(8192).default(256).meta({
      unit: 'samples',
      title: 'Hop',
      help: 'From one frame to the next; not more than half of the FFT size, or the audio could not be rebuilt.',
    }),
    topDb: z.number().min(10).max(200).default(80).meta({
      unit: 'dB',
      title: 'Range below the maximum',
      help: "Levels further below the clip's loudest are raised to this.",
    }),
  })
  .superRefine((config, context) => {
    if (!isPowerOfTwo(config.nFft)) {
      context.addIssue({
        code: 'custom',
        path: ['nFft'],
        message: `nFft is ${config.nFft}: a power of two is needed`,
      });
    }
    if (config.hopLength > config.nFft / 2) {
      const message = `hopLength is ${config.hopLength}: at most half of nFft (${config.nFft / 2}) lets the audio be rebuilt`;
      context.addIssue({ code: 'custom', path: ['hopLength'], message });
    }
    if (Math.floor(config.durationSec * config.sampleRateHz) < config.nFft) {
      const message = `durationSec is ${config.durationSec}: shorter than one frame of ${config.nFft} samples`;
      context.addIssue({ code: 'custom', path: ['durationSec'], message });
    }
  });

export type LogSpectrogramConfig = z.output<typeof logSpectrogramSchema>;

/** Every kind of preprocessing that a model can be given its recordings by; what each does is in `representation.ts`. */
export const featurePipelineSchema = z.discriminatedUnion('kind', [
  logSpectrogramSchema,
  powerSpectrogramSchema,
  fragmentsSchema,
  magnitudePhaseSchema,
]);

export type FeaturePipelineConfig = z.output<typeof featurePipelineSchema>;

/** Frames, bins and samples of one clip under a pipeline: `frames = 1 + floor(samples / hop)`. */
export function featureShape(config: FeaturePipelineConfig): {
  bins: number;
  frames: number;
  samples: number;
} {
  if (config.kind === 'power-spectrogram') {
    const { nFft, frames, hopLength } = config;
    return { bins: nFft / 2 + 1, frames, samples: (frames - 1) * hopLength };
  }
  if (config.kind === 'fragments') {
    const frames = config.fragments * config.fragmentFrames;
    return { bins: config.nFft / 2, frames, samples: frames * config.hopLength };
  }
  if (config.kind === 'magnitude-phase') {
    return { bins: config.nFft / 2, frames: config.frames, samples: clipSamples(config) };
  }
  const samples = Math.floor(config.durationSec * config.sampleRateHz);
  // The row at the Nyquist frequency is dropped.
  return { bins: config.nFft / 2, frames: 1 + Math.floor(samples / config.hopLength), samples };
}

/** Numbers that a model is given of each bin of a frame. */
export function inputChannels(config: FeaturePipelineConfig): number {
  return config.kind === 'magnitude-phase' ? channelsOf(config) : 1;
}

/** Length of one clip in seconds. */
export function clipSeconds(config: FeaturePipelineConfig): number {
  return config.kind === 'log-spectrogram'
    ? config.durationSec
    : featureShape(config).samples / config.sampleRateHz;
}

/** The pipeline of a clip that has `frames` frames, where its kind lets clips differ; as it is where that is not said. */
export function withFrames(config: FeaturePipelineConfig, frames: number | undefined): FeaturePipelineConfig {
  return config.kind === 'power-spectrogram' && frames !== undefined ? { ...config, frames } : config;
}

/** The pipeline with clips of `samples` samples at its rate; whole fragments hold them. */
export function withClipSamples<Config extends FeaturePipelineConfig>(
  config: Config,
  samples: number,
): Config {
  switch (config.kind) {
    case 'power-spectrogram':
      return { ...config, frames: 1 + Math.floor(samples / config.hopLength) };
    case 'fragments':
      return { ...config, fragments: fragmentsIn(samples, config) };
    case 'magnitude-phase':
      return { ...config, frames: framesIn(samples, config) };
    case 'log-spectrogram':
      // Half a sample more, or rounding could take one away.
      return { ...config, durationSec: (samples + 0.5) / config.sampleRateHz };
  }
}
