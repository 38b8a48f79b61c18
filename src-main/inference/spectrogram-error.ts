import type { z } from 'zod';
import type { spectrogramErrorSchema } from '../../src-preload/contract/commands/reconstruct.ts';

export type SpectrogramError = z.output<typeof spectrogramErrorSchema>;

/** A spectrogram `[bins, frames]` in 0..1 with the levels that 0 and 1 stand for. */
export interface ScaledSpectrogram {
  features: Float32Array;
  minDb: number;
  maxDb: number;
}

/**
 * How far `estimate` is from `reference`, both `[bins, frames]` of the same pipeline. Log-spectral distance as in
 * Rabiner and Juang 1993, eq. 4.26, over the pipeline's own bins (Nyquist left out) and its own floor. `spokenFrames` is
 * how many frames from the first hold speech. `relativeLevels` counts dB from each one's loudest bin.
 */
export function spectrogramError(
  reference: ScaledSpectrogram,
  estimate: ScaledSpectrogram,
  shape: { bins: number; frames: number; spokenFrames: number },
  options: { relativeLevels?: boolean } = {},
): SpectrogramError {
  const { bins, frames, spokenFrames } = shape;
  if (reference.features.length !== bins * frames || estimate.features.length !== bins * frames) {
    throw new RangeError(`Both spectrograms must have ${bins} x ${frames} values.`);
  }
  const referenceDb = levels(reference, options.relativeLevels ?? false);
  const estimateDb = levels(estimate, options.relativeLevels ?? false);
  const squaresOfFrame = new Float64Array(frames);
  let squares = 0;
  for (let bin = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++) {
      const at = bin * frames + frame;
      squares += ((estimate.features[at] as number) - (reference.features[at] as number)) ** 2;
      const differenceDb = estimateDb(at) - referenceDb(at);
      squaresOfFrame[frame] = (squaresOfFrame[frame] as number) + differenceDb ** 2;
    }
  }
  const distanceOfFrame = squaresOfFrame.map((sum) => Math.sqrt(sum / bins));
  return {
    mse: squares / (bins * frames),
    lsdAllFramesDb: mean(distanceOfFrame),
    lsdSpokenFramesDb: mean(distanceOfFrame.subarray(0, spokenFrames)),
  };
}

/** Frames whose centre lies inside the recording: all of them for one that fills the clip, at least one. */
export function spokenFrameCount(
  spokenSec: number,
  pipeline: { sampleRateHz: number; hopLength: number },
  frames: number,
): number {
  const spoken = Math.ceil((spokenSec * pipeline.sampleRateHz) / pipeline.hopLength);
  return Math.max(1, Math.min(frames, spoken));
}

function levels({ features, minDb, maxDb }: ScaledSpectrogram, relative: boolean): (at: number) => number {
  const range = maxDb - minDb;
  const zeroDb = relative ? minDb - maxDb : minDb;
  return (at) => (features[at] as number) * range + zeroDb;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
