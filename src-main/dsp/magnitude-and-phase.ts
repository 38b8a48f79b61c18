import { amplitudeToDb, dbToAmplitude } from './decibel.ts';
import { griffinLim } from './griffin-lim.ts';
import type { RealArray } from './matrix.ts';
import { denormalise, type Extremes, extremesOf, normalise } from './minmax.ts';
import {
  channelsOf,
  clipOf,
  clipSamples,
  type MagnitudePhase,
  type MagnitudePhaseConfig,
  magnitudePhaseOf,
  scaleOf,
  transformOf,
} from './pipelines/magnitude-phase.ts';
import type { ModelClip, Representation, SynthesisOptions } from './representation.ts';
import { phaseFor, soundOfLevels, withNyquist } from './sound-of-levels.ts';
import { fromPolar, istft } from './stft.ts';

/** Levels so far below a clip's loudest count as this in pictures and in what is heard. */
const shownDb = 80;
/** Amplitudes below this count as this, -100 dB. */
const amin = 1e-5;

/** Deviation that clips are heard at where each is divided by its own: -20 dB below full scale. */
const heardStd = 0.1;

/**
 * Ends of the logarithmic channel in dB, for a clip of deviation 1 through a Hann window of 256: the loudest bins of speech come
 * near the upper one, and what lies below the lower one counts as it.
 */
const logDb: Extremes = { minDb: -40, maxDb: 40 };

/** Of the windows at the ends of a clip, where one alone begins: the first 7 ms of it are faded in rather than blown up. */
const leastWeight = 0.1;

/** What a deviation of 1 is heard at. */
function heardScale({ amplitudeStd }: MagnitudePhaseConfig): number {
  return amplitudeStd > 0 ? amplitudeStd : heardStd;
}

function analyse(
  samples: RealArray,
  sampleRateHz: number,
  config: MagnitudePhaseConfig,
  { withPhase = false }: { withPhase?: boolean } = {},
): ModelClip {
  const clip = clipOf(samples, sampleRateHz, config);
  const factor = heardScale(config) / scaleOf(clip, config);
  if (factor !== 1) for (let at = 0; at < clip.length; at++) clip[at]! *= factor;
  return shown(clip, Math.min(samples.length / sampleRateHz, durationSec(config)), config, withPhase);
}

/** A clip at the level that it is heard at, as a model is given it and as it is shown. */
function shown(
  padded: Float32Array<ArrayBuffer>,
  spokenSec: number,
  config: MagnitudePhaseConfig,
  withPhase: boolean,
): ModelClip {
  const made = magnitudePhaseOf(padded, heardScale(config), config);
  const { bins, frames } = made;
  const levels = levelsOf(magnitudes(made), config);
  const extremes = extremesOf(levels);
  return {
    bins,
    frames,
    input: toInput(made, config),
    features: normalise(levels, extremes),
    ...extremes,
    spokenSec,
    padded,
    phase: withPhase ? { bins, frames, data: Float64Array.from(phases(made)) } : null,
  };
}

function magnitudes({ features }: MagnitudePhase): Float64Array {
  return Float64Array.from({ length: features.length / 2 }, (_, at) => Math.max(0, features[2 * at]!));
}

function phases({ features }: MagnitudePhase): Float32Array {
  return Float32Array.from({ length: features.length / 2 }, (_, at) => features[2 * at + 1]!);
}

/** Levels in dB of magnitudes for a deviation of 1, as they are heard; no more than 80 dB below the loudest. */
function levelsOf(values: RealArray, config: MagnitudePhaseConfig): Float64Array {
  const scale = heardScale(config);
  return amplitudeToDb(
    Float64Array.from(values, (value) => value * scale),
    { amin, topDb: shownDb },
  );
}

function toInput(made: MagnitudePhase, { channels }: MagnitudePhaseConfig): Float32Array<ArrayBuffer> {
  if (channels === 'magnitude-phase') return Float32Array.from(made.features);
  const level = normalise(
    amplitudeToDb(magnitudes(made), { amin: 10 ** (logDb.minDb / 20), topDb: null }),
    logDb,
  );
  const angles = phases(made);
  const input = new Float32Array(3 * level.length);
  for (let at = 0; at < level.length; at++) {
    input[3 * at] = level[at]!;
    input[3 * at + 1] = Math.cos(angles[at]!);
    input[3 * at + 2] = Math.sin(angles[at]!);
  }
  return input;
}

/** The magnitudes that a model gives, for a deviation of 1. */
function magnitudesIn(values: Float32Array, config: MagnitudePhaseConfig): Float64Array {
  const channels = channelsOf(config);
  const first = Float64Array.from({ length: values.length / channels }, (_, index) =>
    Math.max(0, values[index * channels] ?? 0),
  );
  return config.channels === 'magnitude-phase' ? first : dbToAmplitude(denormalise(first, logDb));
}

function synthesise(
  features: RealArray,
  extremes: Extremes | null,
  config: MagnitudePhaseConfig,
  options: SynthesisOptions = {},
): Float32Array<ArrayBuffer> {
  const [bins, frames] = [config.nFft / 2, config.frames];
  const samples = options.length ?? clipSamples(config);
  return soundOfLevels(features, extremes, { bins, frames, samples }, (levelsDb) => {
    const levels = withNyquist({ bins, frames, data: dbToAmplitude(levelsDb) });
    const transform = { ...transformOf(config), leastWeight };
    const { iterations = 32, seed = 0 } = options;
    const phase = phaseFor(options, bins, frames);
    return phase
      ? istft(fromPolar(levels, withNyquist(phase)), transform)
      : griffinLim(levels, { ...transform, iterations, seed });
  });
}

function durationSec(config: MagnitudePhaseConfig): number {
  return clipSamples(config) / config.sampleRateHz;
}

/** Magnitude and phase of papers/003 as a representation: the one kind that gives a model the phase as well. */
export const magnitudeAndPhase: Representation<MagnitudePhaseConfig> = {
  analyse,
  clipsOf: (samples, sampleRateHz, config) => [analyse(samples, sampleRateHz, config)],
  readSec: durationSec,
  severalClips: false,
  consecutive: false,
  mostClips: () => 1,
  synthesise,
  heard: (samples, config) => {
    const padded = new Float32Array(clipSamples(config));
    padded.set(samples.subarray(0, padded.length));
    return shown(padded, samples.length / config.sampleRateHz, config, false);
  },
  toFeatures: (values, extremes, config) =>
    normalise(levelsOf(magnitudesIn(values, config), config), extremes).map((value) => Math.max(0, value)),
  rangeDb: () => shownDb,
  window: 'Hann',
  // A full-scale sine reaches half the sum of the Hann window, a quarter of the FFT size.
  fullScaleDb: ({ nFft }) => 20 * Math.log10(nFft / 4),
};
