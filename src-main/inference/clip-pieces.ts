import { type FeaturePipelineConfig, featureShape } from '../dsp/pipeline.ts';
import { representationOf } from '../dsp/representation.ts';

/**
 * A recording that is longer than a model's clip, as clips: each a whole number of hops after the one before, so that the
 * frames of a clip are frames of the whole. What the model gave for each is faded into its neighbours in dB, where two
 * guesses of one level have a meaning in between; sound could not be, as every clip's phase is a guess of its own.
 */

/** At least so much of a clip is in the next one too. */
const leastOverlap = 0.25;

export interface ClipPiece {
  /** From the piece's beginning on, at most one clip; shorter at the end, where zeros follow. */
  samples: Float32Array;
  /** Frame of the whole that its first frame is. */
  firstFrame: number;
  /** With its neighbours; 0 where it is alone. */
  overlapSec: number;
}

/** Cuts `samples` `[time]` at the pipeline's rate into clips that overlap alike. One for what fits into one, or needs not be cut. */
export function piecesOf(samples: Float32Array, config: FeaturePipelineConfig): ClipPiece[] {
  const { samples: length, frames } = featureShape(config);
  if (samples.length <= length || representationOf(config).consecutive)
    return [{ samples, firstFrame: 0, overlapSec: 0 }];
  // The last one begins where it reaches the end.
  const lastFrame = Math.ceil((samples.length - length) / config.hopLength);
  const widestStep = Math.max(1, Math.floor((1 - leastOverlap) * frames));
  const count = 1 + Math.ceil(lastFrame / widestStep);
  const step = lastFrame / (count - 1);
  const overlapSec = ((frames - step) * config.hopLength) / config.sampleRateHz;
  return Array.from({ length: count }, (_, at) => {
    const firstFrame = Math.round(at * step);
    const from = firstFrame * config.hopLength;
    return { samples: samples.subarray(from, from + length), firstFrame, overlapSec };
  });
}

/**
 * Clips `[bins, frames]` in dB as one matrix `[bins, wholeFrames]`: where clips overlap, their mean, weighted from 0 at a
 * clip's edge to 1 where it is alone.
 */
export function fadeTogether(
  clips: readonly Float32Array[],
  shape: { bins: number; frames: number; wholeFrames: number },
  firstFrames: readonly number[],
): Float32Array {
  const { bins, frames, wholeFrames } = shape;
  const sums = new Float64Array(bins * wholeFrames);
  const weights = new Float64Array(wholeFrames);
  for (const [at, clip] of clips.entries()) {
    const first = firstFrames[at]!;
    const before = at === 0 ? 0 : firstFrames[at - 1]! + frames - first;
    const after = at === clips.length - 1 ? 0 : first + frames - firstFrames[at + 1]!;
    for (let frame = 0; frame < frames && first + frame < wholeFrames; frame++) {
      const rise = before === 0 ? 1 : (frame + 0.5) / before;
      const fall = after === 0 ? 1 : (frames - frame - 0.5) / after;
      const weight = Math.min(1, rise, fall);
      weights[first + frame]! += weight;
      for (let bin = 0; bin < bins; bin++) {
        sums[bin * wholeFrames + first + frame]! += weight * clip[bin * frames + frame]!;
      }
    }
  }
  return Float32Array.from(sums, (sum, at) => sum / weights[at % wholeFrames]!);
}
