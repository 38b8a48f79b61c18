import { cepstraOf, backFrom, melBank } from '../../../src-main/baselines/mfcc.ts';
import { fragmentWindows } from '../../../src-main/dsp/fragment-windows.ts';
import { featureShape, withClipSamples } from '../../../src-main/dsp/pipeline.ts';
import type { FragmentsConfig } from '../../../src-main/dsp/pipelines/fragments.ts';
import type { ModelClip } from '../../../src-main/dsp/representation.ts';
import { resample } from '../../../src-main/dsp/resample.ts';
import { lsd } from '../../../src-main/metrics/lsd.ts';
import { spectrogramError } from '../../../src-main/inference/spectrogram-error.ts';
import type { Speech } from './speech.ts';

/** A recording, whole, in its fragments. */
export interface Recording {
  /** At the pipeline's rate. */
  samples: Float32Array;
  clip: ModelClip;
  config: FragmentsConfig;
}

/** A way to describe a fragment by a few numbers: levels `[bins, frames]` of a recording to what comes back of them. */
export type System = (recording: Recording) => Promise<Float32Array>;

/** Recordings as wholes at the pipeline's rate. Silent ones are left out. */
export function recordingsOf(
  recordings: readonly Float32Array[],
  { sampleRateHz }: Pick<Speech, 'sampleRateHz'>,
  pipeline: FragmentsConfig,
): Recording[] {
  return recordings
    .map((given) => {
      const samples = Float32Array.from(resample(given, sampleRateHz, pipeline.sampleRateHz));
      const config = withClipSamples(pipeline, samples.length);
      return { samples, config, clip: fragmentWindows.analyse(samples, pipeline.sampleRateHz, config) };
    })
    .filter(({ clip }) => clip.minDb !== clip.maxDb);
}

/** Levels `[bins, frames]` as fragments `[count, bins * fragmentFrames]`. */
export function fragmentsApart(levels: Float32Array, { config, clip }: Recording): Float32Array {
  return moved(levels, config, clip, (level, fragment) => [fragment, level]);
}

/** The inverse of `fragmentsApart`. */
export function fragmentsTogether(fragments: Float32Array, { config, clip }: Recording): Float32Array {
  return moved(fragments, config, clip, (level, fragment) => [level, fragment]);
}

function moved(
  from: Float32Array,
  { fragmentFrames }: FragmentsConfig,
  { bins, frames }: ModelClip,
  ends: (level: number, fragment: number) => [to: number, from: number],
): Float32Array {
  const out = new Float32Array(from.length);
  for (let bin = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++) {
      const [fragment, within] = [Math.floor(frame / fragmentFrames), frame % fragmentFrames];
      const inFragments = (fragment * bins + bin) * fragmentFrames + within;
      const [to, at] = ends(bin * frames + frame, inFragments);
      out[to] = from[at]!;
    }
  }
  return out;
}

const melBands = 40;

/** MFCCs of each fragment's mean power, and back by pseudo-inverse: the same for all frames of a fragment. */
export function mfccSystem(coefficients: number): System {
  return ({ clip, config }) => {
    const { bins, frames, features, minDb, maxDb } = clip;
    const { fragmentFrames, sampleRateHz, nFft } = config;
    const count = frames / fragmentFrames;
    const range = maxDb - minDb;
    const data = new Float64Array(bins * count);
    for (let at = 0; at < features.length; at++) {
      const [bin, frame] = [Math.floor(at / frames), at % frames];
      const power = 10 ** ((minDb + range * features[at]!) / 10);
      data[bin * count + Math.floor(frame / fragmentFrames)]! += power / fragmentFrames;
    }
    const spectrum = { bins, frames: count, data: data.map(Math.sqrt) };
    const bank = melBank(melBands, bins, sampleRateHz, nFft);
    const back = backFrom(cepstraOf(spectrum, bank, coefficients), bank, coefficients, bins, count);
    const levels = Float32Array.from(features, (_, at) => {
      const [bin, frame] = [Math.floor(at / frames), at % frames];
      const db = 20 * Math.log10(Math.max(1e-12, back[bin * count + Math.floor(frame / fragmentFrames)]!));
      return Math.min(1, Math.max(0, (db - minDb) / range));
    });
    return Promise.resolve(levels);
  };
}

/**
 * Log-spectral distances of what comes back, in dB, one a recording: of the levels themselves, and of the sound that Griffin-Lim makes
 * of them.
 */
export interface Distances {
  levelsDb: number[];
  soundDb: number[];
}

/** Of each recording. */
export async function distancesOf(recordings: readonly Recording[], system: System): Promise<Distances> {
  const distances: Distances = { levelsDb: [], soundDb: [] };
  for (const recording of recordings) {
    const { clip, config, samples } = recording;
    const { bins, frames, minDb, maxDb } = clip;
    const features = await system(recording);
    const error = spectrogramError(clip, { features, minDb, maxDb }, { bins, frames, spokenFrames: frames });
    distances.levelsDb.push(error.lsdAllFramesDb);
    const length = samples.length;
    const degraded = fragmentWindows.synthesise(features, clip, config, { length });
    const measured = lsd.measure({ reference: samples, degraded, sampleRateHz: config.sampleRateHz });
    if (measured.value === null) throw new Error('a recording has no log-spectral distance');
    distances.soundDb.push(measured.value);
  }
  return distances;
}

/** Numbers of one fragment. */
export function fragmentSize(config: FragmentsConfig): number {
  return featureShape({ ...config, fragments: 1 }).bins * config.fragmentFrames;
}
