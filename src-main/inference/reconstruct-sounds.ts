import { asResynthError, type SerialisedError } from '../../src-preload/contract/errors/error.ts';
import type {
  CodeBitsChoice,
  FeedbackMode,
  LatentMode,
} from '../../src-preload/contract/commands/reconstruct.ts';
import type { FileStretch } from '../analyst/segment.ts';
import { writeWav } from '../audio/write-wav.ts';
import { clipSeconds } from '../dsp/pipeline.ts';
import { representationOf, synthesise } from '../dsp/representation.ts';
import { fixedRange, quantiseCodes } from '../models/parts/code-quantiser.ts';
import { latentChoice } from './chance.ts';
import { type LikelihoodBounds, recordingBounds } from './likelihood-bounds.ts';
import type { LoadedModel } from './loaded-model.ts';
import { makeFolder, readMono } from './media.ts';
import type { ServiceContext } from './service.ts';
import {
  codeNumbersIn,
  codesOf,
  decodeTaken,
  encodeTaken,
  takeRecording,
  type TakenRecording,
} from './taken-recording.ts';
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
  /** Draws for bounds of the likelihood; none are reckoned if left out. */
  boundDraws?: number;
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
      /** The cells of its code, vector after vector; null for a code of floats. */
      code: Uint16Array | null;
      clippedNumbers: number;
      /** Seconds that it took, from decoded samples to samples. */
      computeSec: number;
      /** Where they were asked for, and the model is a density. */
      bounds?: LikelihoodBounds;
      warnings: string[];
    }
  | { refused: SerialisedError };

export interface SoundsResult {
  /** Of the checkpoint that was used. */
  step: number;
  /** Numbers of one vector of its code. */
  latentDim: number;
  engine: LoadedModel['engine'];
  sounds: ReconstructedSound[];
}

/**
 * Puts recordings through the model and writes what it makes of each as a float WAV at the pipeline's
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
  const sources: {
    index: number;
    taken: TakenRecording;
    out: string;
    analyseSec: number;
    warnings: string[];
  }[] = [];
  for (const [index, { path, stretch, out }] of job.files.entries()) {
    try {
      const audio = readMono(path, representationOf(pipeline).readSec(pipeline), stretch);
      const begunMs = performance.now();
      const taken = takeRecording(audio.samples, audio.sampleRateHz, pipeline);
      const analyseSec = secondsSince(begunMs);
      const warnings = [...audio.warnings];
      if (audio.wholeSec > clipSeconds(taken.config) + 1 / audio.sampleRateHz) {
        const whole = audio.wholeSec.toFixed(2);
        warnings.push(`Only the first ${clipSeconds(pipeline)} s of ${whole} s are modelled, and judged.`);
      }
      sources.push({ index, taken, out, analyseSec, warnings });
    } catch (thrown) {
      sounds[index] = { refused: asResynthError(thrown).toJSON() };
    }
  }
  const range = model.codeRange ?? fixedRange(model.latentDim, rangeSigmas);
  if (sources.length > 0) {
    const taken = sources.map((source) => source.taken);
    const begunMs = performance.now();
    const posteriors = await encodeTaken(model, taken);
    const codes = codesOf(model, posteriors, latentChoice(job.latent, job.seed));
    // Discrete codes are quantised as they are.
    const bits = model.indexBits === null ? job.bits : 32;
    const quantised = codes.map((code) => quantiseCodes(code, range, bits));
    const decoded = await decodeTaken(
      model,
      taken,
      quantised.map(({ values }) => values),
    );
    const modelSec = secondsSince(begunMs) / sources.length;
    const bounds =
      job.boundDraws !== undefined && model.can('density')
        ? await recordingBounds(model, taken, posteriors, job.boundDraws)
        : [];
    for (const [place, { index, out, analyseSec, warnings, ...source }] of sources.entries()) {
      signal.throwIfAborted();
      const { clip, config } = source.taken;
      const { iterations, seed } = job;
      const soundMs = performance.now();
      const whole = synthesise(decoded[place] ?? clip.features, clip, config, { iterations, seed });
      const computeSec = analyseSec + modelSec + secondsSince(soundMs);
      const spoken = whole.slice(0, Math.round(clip.spokenSec * pipeline.sampleRateHz));
      writeWav(out, spoken, pipeline.sampleRateHz, { encoding: 'float32' });
      const numbers = codeNumbersIn(source.taken, model);
      sounds[index] = {
        fromSec: 0,
        seconds: clip.spokenSec,
        codedBits: numbers * (model.indexBits ?? job.bits) + sideBits,
        code: quantised[place]?.indices?.slice(0, numbers) ?? null,
        clippedNumbers: quantised[place]?.clipped ?? 0,
        computeSec,
        ...(bounds[place] ? { bounds: bounds[place] } : {}),
        warnings,
      };
    }
  }
  return { step: model.used.step, latentDim: model.latentDim / model.vectors, engine: model.engine, sounds };
}

/** Since `performance.now()` was `begunMs`. */
function secondsSince(begunMs: number): number {
  return (performance.now() - begunMs) / 1000;
}
