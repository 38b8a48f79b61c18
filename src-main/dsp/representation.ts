import { fragmentWindows } from './fragment-windows.ts';
import { logSpectrogram } from './log-spectrogram.ts';
import { magnitudeAndPhase } from './magnitude-and-phase.ts';
import type { Matrix, RealArray } from './matrix.ts';
import type { Extremes } from './minmax.ts';
import { clipSeconds, type FeaturePipelineConfig, withClipSamples } from './pipeline.ts';
import { powerSequences } from './power-sequences.ts';

/** One clip as a model is given it, and as it is shown. */
export interface ModelClip extends Extremes {
  bins: number;
  frames: number;
  /** What the model is given, `[bins, frames]`, or `[bins, frames, channels]` where that is several numbers of each. */
  input: Float32Array<ArrayBuffer>;
  /** Levels of it, `[bins, frames]` in 0..1, scaled by this clip's `minDb` and `maxDb`: what pictures, errors and sounds are made of. */
  features: Float32Array<ArrayBuffer>;
  /** Seconds of the recording in the clip, before zeros were added: at most the clip's length. */
  spokenSec: number;
  /** Seconds of the recording before it, where silence was cut; 0 if left out. */
  fromSec?: number;
  /** The clip itself `[samples]` at the pipeline's rate: what the features were made from. */
  padded: Float32Array<ArrayBuffer>;
  /** Phase of the STFT in radians `[bins, frames]`, where it was asked for. */
  phase: Matrix<Float64Array> | null;
}

/** How a spectrogram becomes audio. */
export type InversionMethod = 'griffin-lim' | 'original-phase' | 'zero-phase';

/** What each way is called wherever its audio is shown, and what it does. */
export const inversionMethods: Readonly<Record<InversionMethod, { label: string; help: string }>> = {
  'griffin-lim': {
    label: 'Griffin-Lim phase',
    help: 'The phase is estimated from the magnitudes alone, from a seeded random start.',
  },
  'original-phase': {
    label: "Original recording's phase",
    help: 'The phase is taken from the original recording: better than any model can be heard without it.',
  },
  'zero-phase': {
    label: 'Zero phase, peak 0.9 (papers/002)',
    help: 'The magnitudes are inverted as if their phase were zero, then scaled to a peak of 0.9, as the code of papers/002 does.',
  },
};

export interface SynthesisOptions {
  /** `griffin-lim` by default. */
  method?: InversionMethod;
  /** Phase in radians `[bins, frames]`, for `original-phase`. */
  phase?: Matrix | null;
  /** Of Griffin-Lim; 32 by default. */
  iterations?: number;
  /** Of Griffin-Lim's starting phase; 0 by default. */
  seed?: number;
  /** Samples to give back; the clip's by default. */
  length?: number;
}

/** What one vector of a model's code stands for. */
export interface CodeUnit {
  name: 'clip' | 'fragment' | 'frame';
  /** So many are a clip. */
  inClip: number;
  seconds: number;
}

/**
 * What lies between recordings and models: one for each kind of pipeline, one file each. Everything else (pictures, errors,
 * clips that are listened to) goes through levels, `features` in 0..1 with their extremes in dB.
 */
export interface Representation<Config extends FeaturePipelineConfig> {
  /** A clip of the pipeline's length from the beginning of a recording, `samples` `[time]` mono; zeros follow where it is shorter. */
  analyse(
    samples: RealArray,
    sampleRateHz: number,
    config: Config,
    options?: { withPhase?: boolean },
  ): ModelClip;
  /** Every clip of a recording to train on; none where it is too short. */
  clipsOf(samples: RealArray, sampleRateHz: number, config: Config): ModelClip[];
  /** Seconds from a recording's beginning that its first clip may depend on. */
  readSec(config: Config): number;
  /** The same pipeline leaving the silence at the ends where it is; for kinds that cut it. */
  untrimmed?(config: Config): Config;
  /** Whether a recording may be several clips to train on, or none. */
  severalClips: boolean;
  /**
   * Whether the clips of a recording, on its extremes and one after the other without a gap, are the recording: a model of them then
   * takes recordings whole, and a clip of the pipeline with more samples is just more of them.
   */
  consecutive: boolean;
  /** Where a code is several vectors, one after the other in time; a clip where left out. */
  codeUnit?(config: Config): CodeUnit;
  /** What a model is given where a clip reaches beyond its recording; zeros where left out. */
  beyond?: number;
  /** No more clips than this are in a recording of `durationSec`. */
  mostClips(config: Config, durationSec: number): number;
  /** The inverse: levels `[bins, frames]` with their extremes (null for a generated spectrogram, -80 to 0 dB) to samples. */
  synthesise(
    features: RealArray,
    extremes: Extremes | null,
    config: Config,
    options?: SynthesisOptions,
  ): Float32Array<ArrayBuffer>;
  /** What a model gives, as its input is, as levels `[bins, frames]` on `extremes`. */
  toFeatures(values: Float32Array, extremes: Extremes, config: Config): Float32Array;
  /** What `synthesise` gave, analysed again: neither trimmed nor scaled, so that it can be held against what it was made of. */
  heard(samples: Float32Array, config: Config): ModelClip;
  /** Pictures reach so far below the loudest level, in dB. */
  rangeDb(config: Config): number;
  /** Of the STFT, as it is shown. */
  window: string;
  /** What a full-scale sine reaches, in dB: levels less this are dBFS. */
  fullScaleDb(config: Config): number;
}

const representations: {
  [Kind in FeaturePipelineConfig['kind']]: Representation<Extract<FeaturePipelineConfig, { kind: Kind }>>;
} = {
  'log-spectrogram': logSpectrogram,
  'power-spectrogram': powerSequences,
  fragments: fragmentWindows,
  'magnitude-phase': magnitudeAndPhase,
};

/** The representation of a pipeline. */
export function representationOf(config: FeaturePipelineConfig): Representation<FeaturePipelineConfig> {
  return representations[config.kind] as Representation<FeaturePipelineConfig>;
}

/** What one vector of the code of a model of this pipeline stands for. */
export function codeUnitOf(config: FeaturePipelineConfig): CodeUnit {
  return (
    representationOf(config).codeUnit?.(config) ?? { name: 'clip', inClip: 1, seconds: clipSeconds(config) }
  );
}

/** So much of a recording is shown and heard of what a model takes whole, in seconds. */
const mostShownSec = 3;

/** The pipeline that a recording is shown and heard by: with its own clips, or, where they are consecutive, with its beginning as one. */
export function shownPipeline(config: FeaturePipelineConfig, durationSec: number): FeaturePipelineConfig {
  if (!representationOf(config).consecutive) return config;
  return withClipSamples(config, Math.ceil(Math.min(mostShownSec, durationSec) * config.sampleRateHz));
}

/** `Representation.analyse` of the pipeline's kind. */
export function analyse(
  samples: RealArray,
  sampleRateHz: number,
  config: FeaturePipelineConfig,
  options: { withPhase?: boolean } = {},
): ModelClip {
  return representationOf(config).analyse(samples, sampleRateHz, config, options);
}

/** `Representation.heard` of the pipeline's kind. */
export function heardAgain(samples: Float32Array, config: FeaturePipelineConfig): ModelClip {
  return representationOf(config).heard(samples, config);
}

/** `Representation.synthesise` of the pipeline's kind. */
export function synthesise(
  features: RealArray,
  extremes: Extremes | null,
  config: FeaturePipelineConfig,
  options: SynthesisOptions = {},
): Float32Array<ArrayBuffer> {
  return representationOf(config).synthesise(features, extremes, config, options);
}
