import { analyse, type ModelClip, representationOf } from '../dsp/representation.ts';
import { type FeaturePipelineConfig, featureShape, withClipSamples } from '../dsp/pipeline.ts';
import type { RealArray } from '../dsp/matrix.ts';
import { resampledLength } from '../dsp/resample.ts';
import { asWindows, fromWindows } from '../dsp/windows-of-frames.ts';
import { codeNumbersOf } from '../models/code-size.ts';
import type { LoadedModel, PosteriorValues } from './loaded-model.ts';

/** A recording as a model takes it: its first clip, or, where clips of its pipeline are consecutive, all of it. */
export interface TakenRecording {
  /** Its pipeline, with clips of this one's length. */
  config: FeaturePipelineConfig;
  /** All that is taken of it, as one. */
  clip: ModelClip;
  /** Clips of the model in it. */
  clips: number;
}

/** `samples` `[time]` mono as a model of `pipeline` takes them. */
export function takeRecording(
  samples: RealArray,
  sampleRateHz: number,
  pipeline: FeaturePipelineConfig,
  options: { withPhase?: boolean } = {},
): TakenRecording {
  const config = representationOf(pipeline).consecutive
    ? withClipSamples(pipeline, resampledLength(samples.length, sampleRateHz, pipeline.sampleRateHz))
    : pipeline;
  const clip = analyse(samples, sampleRateHz, config, options);
  return { config, clip, clips: Math.ceil(clip.frames / featureShape(pipeline).frames) };
}

/** Numbers in the code of what is taken: those of its own length, not of whole clips. */
export function codeNumbersIn({ config: features }: TakenRecording, model: LoadedModel): number {
  return codeNumbersOf({ ...model.config, features }) ?? model.latentDim;
}

/** Posteriors of recordings, each `[clips, latent]`, from one call of the model. */
export async function encodeTaken(
  model: LoadedModel,
  recordings: readonly TakenRecording[],
): Promise<PosteriorValues[]> {
  const { frames } = featureShape(model.config.features);
  const inputs = recordings.map(({ clip }) =>
    clip.frames === frames ? clip.input : asWindows(clip.input, clip, frames),
  );
  const { mean, logVar } = await model.encode(joined(inputs));
  const sizes = recordings.map(({ clips }) => clips * model.latentDim);
  const logVars = parted(logVar, sizes);
  return parted(mean, sizes).map((one, at) => ({ mean: one, logVar: logVars[at] ?? new Float32Array() }));
}

/** What codes of recordings, each `[clips, latent]`, decode to: `[bins, frames]` of each. */
export async function decodeTaken(
  model: LoadedModel,
  recordings: readonly Pick<TakenRecording, 'config' | 'clips'>[],
  codes: readonly Float32Array[],
): Promise<Float32Array[]> {
  const { frames } = featureShape(model.config.features);
  const decoded = await model.decode(joined(codes));
  const sizes = recordings.map(({ clips }) => clips * model.clipSize);
  return parted(decoded, sizes).map((windows, at) => {
    const whole = featureShape(recordings[at]?.config ?? model.config.features);
    return whole.frames === frames ? windows : fromWindows(windows, whole, frames);
  });
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function parted(whole: Float32Array, sizes: readonly number[]): Float32Array[] {
  let at = 0;
  return sizes.map((size) => whole.slice(at, (at += size)));
}
