import type { ModelUsed } from '../../src-preload/contract/commands/reconstruct.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { pictureLevels, pictureScale } from '../analyst/model-picture.ts';
import { calling } from '../audio/called.ts';
import { decodeAudio, mixToMono, probeAudio } from '../audio/decode.ts';
import { analyse, heardAgain, representationOf, synthesise } from '../dsp/representation.ts';
import type { Extremes } from '../dsp/minmax.ts';
import { clipSeconds, type FeaturePipelineConfig, featureShape, withClipSamples } from '../dsp/pipeline.ts';
import { uniformNumbers } from '../dsp/random.ts';
import { resample } from '../dsp/resample.ts';
import { attenuationDb, commonGain } from './audio-files.ts';
import { fadeTogether, piecesOf } from './clip-pieces.ts';
import type { LoadedModel } from './loaded-model.ts';
import type { ModelReference } from './protocol.ts';
import { type SpectrogramError, spectrogramError, spokenFrameCount } from './spectrogram-error.ts';
import { decodeTaken, encodeTaken, takeRecording } from './taken-recording.ts';
import { utterancesOf } from './utterances/through.ts';
import { utteranceSound } from './utterances/utterance-sound.ts';

/** What is asked of `reconstructSound`. */
export interface SoundJob {
  model: ModelReference;
  file: string;
  /** What messages call it: the file has another name here than the user gave it. */
  name: string;
  /** Where the recording lies in the file; 0 and null for all of it. */
  startSec: number;
  lengthSec: number | null;
  /** From where in the recording on. */
  fromSec: number;
  /** No more than this is modelled. */
  mostSec: number;
  /** Of what is longer than a clip: pieces that overlap, or the first clip alone. */
  extent: 'pieces' | 'first';
  /** Of Griffin-Lim. */
  iterations: number;
  seed: number;
}

/** One version: samples `[time]` at the model's rate, levels `[bins, frames]` 0..255 on the common scale. */
export interface SoundVersion {
  samples: Float32Array;
  levels: Uint8Array;
}

export interface ReconstructedSound {
  model: ModelUsed;
  sampleRateHz: number;
  channels: number;
  wholeSec: number;
  modelledSec: number;
  clipSec: number;
  pieces: number;
  overlapSec: number;
  silent: boolean;
  klNats: number;
  error: SpectrogramError;
  ceilingError: SpectrogramError;
  heardError: SpectrogramError;
  attenuatedDb: number;
  /** The model's pipeline with the length of what was modelled. */
  wholeConfig: FeaturePipelineConfig;
  /** dBFS of the pictures, common to all three. */
  scale: Extremes;
  original: SoundVersion;
  ceiling: SoundVersion;
  reconstruction: SoundVersion;
  tookMs: { decode: number; model: number; sound: number; whole: number };
}

/**
 * One recording through the model (z = posterior mean) and back to sound, in memory. What is longer than the model's clip
 * goes through it in pieces (clip-pieces.ts); in one where clips follow on one another.
 *
 * @throws ResynthError voice/begins-after-end; any of `audio/*` that names `job.name`; inference/no-capability.
 */
export async function reconstructSound(model: LoadedModel, job: SoundJob): Promise<ReconstructedSound> {
  const began = performance.now();
  const pipeline = model.config.features;
  const audio = readStretch(
    job,
    job.extent === 'first' && !model.utterances && !representationOf(pipeline).consecutive
      ? clipSeconds(pipeline)
      : job.mostSec,
    pipeline,
  );
  return modelStretch(model, { ...audio, name: job.name }, job, began);
}

/** Twice the way of a recording that comes later, with noise: all that is compiled or loaded at first use then is. */
export async function warmUp(model: LoadedModel): Promise<void> {
  const { sampleRateHz } = model.config.features;
  const durationSec = clipSeconds(model.config.features);
  const samples = Float32Array.from(
    uniformNumbers(0, Math.ceil(sampleRateHz * durationSec)),
    (value) => 0.2 * value - 0.1,
  );
  const stretch = {
    samples,
    sampleRateHz,
    channels: 1,
    wholeSec: durationSec,
    modelledSec: durationSec,
    name: 'warm-up',
  };
  for (let time = 0; time < 2; time++) {
    await modelStretch(model, stretch, { iterations: 32, seed: 0 }, performance.now());
  }
}

async function modelStretch(
  model: LoadedModel,
  audio: Stretch & { name: string },
  inversion: Pick<SoundJob, 'iterations' | 'seed'>,
  began: number,
): Promise<ReconstructedSound> {
  const utterances = utterancesOf(model);
  if (utterances) return utteranceSound(model, utterances, audio, inversion, began);
  const pipeline = model.config.features;
  const decoded = performance.now();

  const isWhole = representationOf(pipeline).consecutive;
  const pieces = piecesOf(audio.samples, pipeline);
  const taken = pieces.map(({ samples }) => takeRecording(samples, pipeline.sampleRateHz, pipeline));
  const codes = await encodeTaken(model, taken);
  const outputs = await decodeTaken(
    model,
    taken,
    codes.map(({ mean }) => mean),
  );
  const modelled = performance.now();

  const wholeConfig = lengthOf(audio.samples.length, pipeline);
  const whole = analyse(audio.samples, pipeline.sampleRateHz, wholeConfig);
  const levels = fadeTogether(
    taken.map(({ clip }, at) => levelsOf(outputs[at] ?? clip.features, clip)),
    { frames: taken[0]?.clip.frames ?? 0, bins: whole.bins, wholeFrames: whole.frames },
    pieces.map(({ firstFrame }) => firstFrame),
  );
  const estimate = rescaled(levels, whole);
  const settings = { iterations: inversion.iterations, seed: inversion.seed };
  const ceiling = synthesise(whole.features, whole, wholeConfig, settings);
  const reconstruction = synthesise(estimate, whole, wholeConfig, settings);
  const ceilingHeard = heardAgain(ceiling, wholeConfig);
  const heard = heardAgain(reconstruction, wholeConfig);

  const modelledSec = Math.min(audio.modelledSec, clipSeconds(wholeConfig));
  const shape = {
    bins: whole.bins,
    frames: whole.frames,
    spokenFrames: spokenFrameCount(modelledSec, pipeline, whole.frames),
  };
  const scale = pictureScale([whole], wholeConfig);
  const gain = commonGain([whole.padded, ceiling, reconstruction]);
  const version = (samples: Float32Array, shown: Float32Array, extremes: Extremes): SoundVersion => ({
    samples: gain === 1 ? samples : samples.map((sample) => sample * gain),
    levels: pictureLevels(shown, extremes, wholeConfig, scale),
  });
  const ended = performance.now();
  return {
    model: model.used,
    sampleRateHz: audio.sampleRateHz,
    channels: audio.channels,
    wholeSec: audio.wholeSec,
    modelledSec,
    clipSec: isWhole ? modelledSec : clipSeconds(pipeline),
    pieces: pieces.length,
    overlapSec: pieces[0]?.overlapSec ?? 0,
    silent: whole.minDb === whole.maxDb,
    klNats: sum(codes.flatMap(({ klNats }) => [...klNats])) / sum(taken.map(({ clips }) => clips)),
    error: spectrogramError(whole, { ...whole, features: estimate }, shape),
    ceilingError: spectrogramError(whole, ceilingHeard, shape, { relativeLevels: true }),
    heardError: spectrogramError(whole, heard, shape, { relativeLevels: true }),
    attenuatedDb: attenuationDb(gain),
    wholeConfig,
    scale,
    original: version(whole.padded, whole.features, whole),
    ceiling: version(ceiling, ceilingHeard.features, ceilingHeard),
    reconstruction: version(reconstruction, estimate, whole),
    tookMs: {
      decode: decoded - began,
      model: modelled - decoded,
      sound: ended - modelled,
      whole: ended - began,
    },
  };
}

/** What was read of a recording. */
export interface Stretch {
  /** At the pipeline's rate. */
  samples: Float32Array;
  sampleRateHz: number;
  channels: number;
  wholeSec: number;
  modelledSec: number;
}

/** The stretch that is modelled, mixed to one channel and at the model's rate. */
function readStretch(
  { file, name, startSec, lengthSec, fromSec }: SoundJob,
  mostSec: number,
  { sampleRateHz: rate }: FeaturePipelineConfig,
): Stretch {
  const { announcedSec } = calling(name, () => probeAudio(file));
  const left = lengthSec === null ? Infinity : lengthSec - fromSec;
  const beyond = (wholeSec: number): ResynthError =>
    new ResynthError('voice/begins-after-end', { name, fromSec, wholeSec: Number(wholeSec.toFixed(2)) });
  if (left <= 0) throw beyond(lengthSec ?? 0);
  const range = { startSec: startSec + fromSec, maxDurationSec: Math.min(mostSec, left) };
  const audio = calling(name, () => decodeAudio(file, range));
  const wholeSec = lengthSec ?? Math.max(fromSec + audio.durationSec, announcedSec ?? 0);
  const mono = mixToMono(audio.channels);
  if (mono.length === 0) throw beyond(wholeSec);
  return {
    samples: resample(mono, audio.sampleRateHz, rate),
    sampleRateHz: audio.sampleRateHz,
    channels: audio.channels.length,
    wholeSec,
    modelledSec: audio.durationSec,
  };
}

/** The pipeline for a clip of so many samples; its own where they fit into one that cannot be shorter. */
function lengthOf(samples: number, pipeline: FeaturePipelineConfig): FeaturePipelineConfig {
  if (samples <= featureShape(pipeline).samples && !representationOf(pipeline).consecutive) return pipeline;
  return withClipSamples(pipeline, samples);
}

/** 0..1 of a clip as dB. */
function levelsOf(features: Float32Array, { minDb, maxDb }: Extremes): Float32Array {
  return features.map((value) => minDb + value * (maxDb - minDb));
}

/** dB as 0..1 of a clip; what lies outside of its extremes stays there. */
function rescaled(levels: Float32Array, { minDb, maxDb }: Extremes): Float32Array {
  const range = maxDb - minDb;
  return range === 0 ? new Float32Array(levels.length) : levels.map((db) => (db - minDb) / range);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
