import { asResynthError, type SerialisedError } from '../../src-preload/contract/errors/error.ts';
import type {
  CodeBitsChoice,
  FeedbackMode,
  LatentMode,
} from '../../src-preload/contract/commands/reconstruct.ts';
import type { FileStretch } from '../analyst/segment.ts';
import { writeWav } from '../audio/write-wav.ts';
import { clipSeconds } from '../dsp/pipeline.ts';
import { analyse, type ModelClip, representationOf, synthesise } from '../dsp/representation.ts';
import { fixedRange, quantiseCodes } from '../models/parts/code-quantiser.ts';
import type { LoadedModel } from './loaded-model.ts';
import { makeFolder, readMono } from './media.ts';
import type { ServiceContext } from './service.ts';
import { utterancesOf } from './utterances/through.ts';
import { utteranceSounds } from './utterances/utterance-sounds.ts';

/** Standard deviations of the prior that the quantiser covers on either side of 0, where the checkpoint names no range. */
const rangeSigmas = 4;
/** Minimum and maximum of a clip, which go beside its code as floats. */
const sideBits = 2 * 32;

export interface SoundsJob {
  files: { path: string; stretch: FileStretch; out: string }[];
  bits: CodeBitsChoice;
  /** Of Griffin-Lim. */
  iterations: number;
  /** Of its starting phase, and of codes that are drawn. */
  seed: number;
  /** The mean of the posterior if left out. */
  latent?: LatentMode;
  /** Of models that generate a frame from those before; the recording's if left out. */
  feedback?: FeedbackMode;
}

/** What came of one recording. */
export type ReconstructedSound =
  | {
      /** Where in the recording that begins, in seconds. */
      fromSec: number;
      /** Seconds of the recording that the model was given: as much is in the file. */
      seconds: number;
      /** Null where the code alone does not give the sound back. */
      codedBits: number | null;
      /** The cells of its code `[latent]`; null for a code of floats. */
      code: Uint16Array | null;
      clippedNumbers: number;
      /** Seconds that it took, from decoded samples to samples. */
      computeSec: number;
      warnings: string[];
    }
  | { refused: SerialisedError };

export interface SoundsResult {
  /** Of the checkpoint that was used. */
  step: number;
  latentDim: number;
  engine: LoadedModel['engine'];
  sounds: ReconstructedSound[];
}

/**
 * Puts recordings through the model (z = posterior mean) and writes what it makes of each as a float WAV at the pipeline's
 * rate, as long as the part of the recording that the model was given: what an evaluation judges. A file that cannot be
 * read is refused by itself.
 *
 * @throws ResynthError what concerns all files alike: files/disk-full, files/not-writable.
 */
export async function reconstructSounds(
  model: LoadedModel,
  folder: string,
  job: SoundsJob,
  context: Pick<ServiceContext, 'signal'>,
): Promise<SoundsResult> {
  const utterances = utterancesOf(model);
  if (utterances) return utteranceSounds(model, utterances, folder, job, context);
  const { signal } = context;
  await makeFolder(folder);
  const pipeline = model.config.features;
  const sounds: ReconstructedSound[] = [];
  const sources: { index: number; clip: ModelClip; out: string; analyseSec: number; warnings: string[] }[] =
    [];
  for (const [index, { path, stretch, out }] of job.files.entries()) {
    try {
      const audio = readMono(path, representationOf(pipeline).readSec(pipeline), stretch);
      const begunMs = performance.now();
      const clip = analyse(audio.samples, audio.sampleRateHz, pipeline);
      const analyseSec = secondsSince(begunMs);
      const warnings = [...audio.warnings];
      if (audio.wholeSec > clipSeconds(pipeline) + 1 / audio.sampleRateHz) {
        const whole = audio.wholeSec.toFixed(2);
        warnings.push(`Only the first ${clipSeconds(pipeline)} s of ${whole} s are modelled, and judged.`);
      }
      sources.push({ index, clip, out, analyseSec, warnings });
    } catch (thrown) {
      sounds[index] = { refused: asResynthError(thrown).toJSON() };
    }
  }
  if (sources.length > 0) {
    const { clipSize, latentDim } = model;
    const features = new Float32Array(sources.length * clipSize);
    for (const [place, { clip }] of sources.entries()) features.set(clip.input, place * clipSize);
    const begunMs = performance.now();
    const { mean } = await model.encode(features);
    const range = model.codeRange ?? fixedRange(latentDim, rangeSigmas);
    const quantised = quantiseCodes(mean, range, job.bits);
    const decoded = await model.decode(quantised.values);
    const modelSec = secondsSince(begunMs) / sources.length;
    for (const [place, { index, clip, out, analyseSec, warnings }] of sources.entries()) {
      signal.throwIfAborted();
      const part = decoded.subarray(place * clipSize, (place + 1) * clipSize);
      const { iterations, seed } = job;
      const soundMs = performance.now();
      const whole = synthesise(part, clip, pipeline, { iterations, seed });
      const computeSec = analyseSec + modelSec + secondsSince(soundMs);
      const spoken = whole.slice(0, Math.round(clip.spokenSec * pipeline.sampleRateHz));
      writeWav(out, spoken, pipeline.sampleRateHz, { encoding: 'float32' });
      const code = mean.slice(place * latentDim, (place + 1) * latentDim);
      sounds[index] = {
        fromSec: 0,
        seconds: clip.spokenSec,
        codedBits: latentDim * job.bits + sideBits,
        code: quantised.indices?.slice(place * latentDim, (place + 1) * latentDim) ?? null,
        clippedNumbers: quantiseCodes(code, range, job.bits).clipped,
        computeSec,
        warnings,
      };
    }
  }
  return { step: model.used.step, latentDim: model.latentDim, engine: model.engine, sounds };
}

/** Since `performance.now()` was `begunMs`. */
function secondsSince(begunMs: number): number {
  return (performance.now() - begunMs) / 1000;
}
