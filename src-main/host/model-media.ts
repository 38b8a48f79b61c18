import type { z } from 'zod';
import type {
  soundSchema,
  spectrogramPictureSchema,
} from '../../src-preload/contract/commands/recordings.ts';
import type { Audible, InversionSettings } from '../analyst/tasks.ts';
import type { Extremes } from '../dsp/minmax.ts';
import { type FeaturePipelineConfig, featureShape } from '../dsp/pipeline.ts';
import type { Home } from '../store/home.ts';

type Picture = z.output<typeof spectrogramPictureSchema>;
type Sound = z.output<typeof soundSchema>;

/** How whatever a model gives is made audible while one listens in: always the same, so that steps and runs compare. */
export function listeningInversion(config: FeaturePipelineConfig, home: Home): InversionSettings {
  return { config, iterations: 32, seed: 0, cacheFolder: home.media };
}

/** What the sound of `listeningInversion` is called. */
export const listeningMethod = 'Griffin-Lim phase, 32 iterations';

/** Levels `[bins, frames]` of a pipeline as the contract's picture. A frame lies half a hop on either side of its centre. */
export function modelPicture(levels: Uint8Array, config: FeaturePipelineConfig, scale: Extremes): Picture {
  const { bins, frames } = featureShape(config);
  const { sampleRateHz, nFft, hopLength } = config;
  const hopSec = hopLength / sampleRateHz;
  return {
    sampleRateHz,
    fromSec: -hopSec / 2,
    toSec: (frames - 0.5) * hopSec,
    fftSize: nFft,
    windowLength: nFft,
    hopLength,
    bins,
    frames,
    levels,
    ...scale,
    reference: 'dBFS',
  };
}

/** Samples at a pipeline's rate as the contract's sound. */
export function modelSound({ samples }: Audible, { sampleRateHz }: FeaturePipelineConfig): Sound {
  return { sampleRateHz, channels: 1, fromSec: 0, durationSec: samples.length / sampleRateHz, samples };
}

/** What listeners have to know of a sound that was made quieter; '' mostly. */
export function attenuationWords({ attenuatedDb }: Audible): string {
  return attenuatedDb > 0 ? ` (${attenuatedDb.toFixed(1)} dB quieter, to stay below full scale)` : '';
}
