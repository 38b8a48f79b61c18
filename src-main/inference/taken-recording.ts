import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { analyse, type ModelClip, representationOf } from '../dsp/representation.ts';
import type { Extremes } from '../dsp/minmax.ts';
import { type FeaturePipelineConfig, featureShape, withClipSamples } from '../dsp/pipeline.ts';
import type { RealArray } from '../dsp/matrix.ts';
import { resampledLength } from '../dsp/resample.ts';
import { asWindows, fromWindows } from '../dsp/windows-of-frames.ts';
import { codeNumbersOf } from '../models/code-size.ts';
import { codeOf, type LatentChoice } from './chance.ts';
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

/** Numbers in the code of what is taken: those of its own length, not of whole clips; of a discrete one, in its first `stages`. */
export function codeNumbersIn(
  { config: features }: TakenRecording,
  model: LoadedModel,
  stages?: number,
): number {
  const numbers = codeNumbersOf({ ...model.config, features }) ?? model.latentDim;
  return stages === undefined ? numbers : (numbers * stages) / (model.grid?.stages ?? stages);
}

/** Posteriors of recordings, each `[clips, latent]`, and the KL of each clip, from one call of the model. */
export async function encodeTaken(
  model: LoadedModel,
  recordings: readonly TakenRecording[],
): Promise<PosteriorValues[]> {
  const { mean, logVar, klNats } = await model.encode(inputOf(model, recordings));
  const sizes = recordings.map(({ clips }) => clips * model.latentDim);
  const logVars = parted(logVar, sizes);
  const kls = parted(
    klNats,
    recordings.map(({ clips }) => clips),
  );
  return parted(mean, sizes).map((one, at) => ({
    mean: one,
    logVar: logVars[at] ?? new Float32Array(),
    klNats: kls[at] ?? new Float32Array(),
  }));
}

/**
 * What the first `stages` of the discrete codes of recordings stand for, each `[clips, latent]`.
 *
 * @throws ResynthError inference/no-capability, inference/too-many-stages.
 */
export async function codesByStages(
  model: LoadedModel,
  recordings: readonly TakenRecording[],
  stages: number,
): Promise<Float32Array[]> {
  const vectors = await model.vectorsOf(await model.indices(inputOf(model, recordings)), stages);
  return parted(
    vectors,
    recordings.map(({ clips }) => clips * model.latentDim),
  );
}

/**
 * The codes of posteriors as they are asked for: their means, or draws that depend on the seed and on each recording alone.
 *
 * @throws ResynthError inference/no-capability where codes are indices, which have no posterior to draw from.
 */
export function codesOf(
  model: LoadedModel,
  posteriors: readonly PosteriorValues[],
  latent: LatentChoice,
): Float32Array[] {
  if (latent.kind === 'sample' && model.indexBits !== null) {
    const capability = 'draw codes: theirs are indices, not distributions';
    throw new ResynthError('inference/no-capability', { family: model.config.family, capability });
  }
  return posteriors.map((posterior) => codeOf(posterior, latent));
}

/** What codes of recordings, each `[clips, latent]`, decode to: `[bins, frames]` of each. */
export async function decodeTaken(
  model: LoadedModel,
  recordings: readonly (Pick<TakenRecording, 'config' | 'clips'> & { clip?: Extremes })[],
  codes: readonly Float32Array[],
): Promise<Float32Array[]> {
  const { frames } = featureShape(model.config.features);
  const decoded = await model.decode(joined(codes));
  const sizes = recordings.map(({ clips }) => clips * model.clipSize);
  return parted(decoded, sizes).map((windows, at) => {
    const { config, clip } = recordings[at] as (typeof recordings)[number];
    const whole = featureShape(config);
    const values = whole.frames === frames ? windows : fromWindows(windows, whole, frames);
    return clip ? representationOf(config).toFeatures(values, clip, config) : values;
  });
}

/** Clips of recordings one after the other, `[clips, ...inputShape]`. */
export function inputOf(model: LoadedModel, recordings: readonly TakenRecording[]): Float32Array {
  const { frames } = featureShape(model.config.features);
  return joined(
    recordings.map(({ clip }) => (clip.frames === frames ? clip.input : asWindows(clip.input, clip, frames))),
  );
}

/** Numbers one part after the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
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
