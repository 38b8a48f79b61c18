import { dbToPower, powerToDb } from './decibel.ts';
import { peak } from './level.ts';
import type { RealArray } from './matrix.ts';
import { type Extremes, normalise } from './minmax.ts';
import { featureShape } from './pipeline.ts';
import {
  beginsAtSec,
  fromPowerSpectrogram,
  type PowerSpectrogramConfig,
  powerOf,
  trimmed,
} from './pipelines/power-spectrogram.ts';
import type { ModelClip, Representation, SynthesisOptions } from './representation.ts';
import { phaseFor, soundOfLevels } from './sound-of-levels.ts';

/** Levels so far below a clip's loudest count as this in pictures and in what is heard; the model's numbers stay as they are. */
const shownDb = 80;

/** Power of which there is none: -200 dB. */
const leastPower = 1e-20;

/**
 * Sequences of papers/004 (the data of its code's training): a recording without the silence at its ends is cut into as many
 * stretches of `frames` frames as it fills, each divided by its own largest |sample|, each transformed by itself with its
 * ends reflected. (A whole utterance, as it is evaluated, is `toPowerSpectrogram`.)
 */
function clipsOf(samples: RealArray, sampleRateHz: number, config: PowerSpectrogramConfig): ModelClip[] {
  const { samples: length } = featureShape(config);
  const { kept } = trimmed(samples, sampleRateHz, config);
  const count = sequencesIn(kept.length, config);
  return Array.from({ length: count }, (_, at) =>
    clipOf(kept.subarray(at * length, (at + 1) * length), config),
  );
}

/** As the reference counts them: by frames of the whole. */
function sequencesIn(samples: number, { frames, hopLength }: PowerSpectrogramConfig): number {
  return Math.floor((1 + Math.floor(samples / hopLength)) / frames);
}

function analyse(
  samples: RealArray,
  sampleRateHz: number,
  config: PowerSpectrogramConfig,
  options: { withPhase?: boolean } = {},
): ModelClip {
  const { samples: length } = featureShape(config);
  const { kept, span } = trimmed(samples, sampleRateHz, config);
  const clip = clipOf(kept.subarray(0, length), config, options);
  return { ...clip, fromSec: beginsAtSec(span, config.sampleRateHz) };
}

/** A clip of at most the pipeline's length. */
function clipOf(
  stretch: RealArray,
  config: PowerSpectrogramConfig,
  { withPhase = false, scaled = true }: { withPhase?: boolean; scaled?: boolean } = {},
): ModelClip {
  const { bins, frames, samples: length } = featureShape(config);
  const padded = new Float32Array(length);
  padded.set(stretch);
  const scale = scaled ? peak(padded) : 1;
  if (scale > 0 && scale !== 1) for (let at = 0; at < length; at++) padded[at]! /= scale;
  const { power, phase } = powerOf(padded, { ...config, padMode: 'reflect' });
  const input = Float32Array.from(power.data);
  const extremes = extremesOfPower(input);
  return {
    bins,
    frames,
    input,
    features: toFeatures(input, extremes),
    ...extremes,
    spokenSec: stretch.length / config.sampleRateHz,
    padded,
    phase: withPhase ? phase : null,
  };
}

/** The loudest level of power spectra, and what pictures of them end at; equal for silence. */
export function extremesOfPower(power: RealArray): Extremes {
  let loudest = 0;
  let softest = Infinity;
  for (let at = 0; at < power.length; at++) {
    const value = power[at]!;
    if (value > loudest) loudest = value;
    if (value < softest) softest = value;
  }
  const maxDb = toDb(loudest);
  return { minDb: Math.max(maxDb === toDb(0) ? maxDb : maxDb - shownDb, toDb(softest)), maxDb };
}

function toDb(power: number): number {
  return 10 * Math.log10(Math.max(leastPower, power));
}

function toFeatures(power: Float32Array, extremes: Extremes): Float32Array<ArrayBuffer> {
  const levels = powerToDb(power, { amin: leastPower, topDb: null });
  const features = normalise(levels, extremes);
  // What lies below the range is shown, and heard, as its end.
  for (let at = 0; at < features.length; at++) if (features[at]! < 0) features[at] = 0;
  return features;
}

function synthesise(
  features: RealArray,
  extremes: Extremes | null,
  config: PowerSpectrogramConfig,
  options: SynthesisOptions = {},
): Float32Array<ArrayBuffer> {
  const shape = featureShape(config);
  const { bins, frames } = shape;
  const length = options.length ?? shape.samples;
  return soundOfLevels(features, extremes, { ...shape, samples: length }, (levelsDb) =>
    fromPowerSpectrogram({ bins, frames, data: dbToPower(levelsDb) }, config, {
      ...options,
      phase: phaseFor(options, bins, frames),
      length,
    }),
  );
}

/** The power spectrogram of papers/004 as a representation. */
export const powerSequences: Representation<PowerSpectrogramConfig> = {
  analyse,
  clipsOf,
  untrimmed: (config) => ({ ...config, trimDb: 0 }),
  readSec: () => Infinity,
  severalClips: true,
  consecutive: false,
  codeUnit: ({ frames, hopLength, sampleRateHz }) => ({
    name: 'frame',
    inClip: frames,
    seconds: hopLength / sampleRateHz,
  }),
  mostClips: (config, durationSec) => sequencesIn(Math.ceil(durationSec * config.sampleRateHz) + 1, config),
  heard: (samples, config) => clipOf(samples, config, { scaled: false }),
  synthesise,
  toFeatures,
  rangeDb: () => shownDb,
  window: 'sine',
  // Half the sum of the sine window, N / pi.
  fullScaleDb: ({ nFft }) => 20 * Math.log10(nFft / Math.PI),
};
