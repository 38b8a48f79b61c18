import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { readFileFacts } from '../../analyst/source-file.ts';
import { decodeAudio, mixToMono } from '../../audio/decode.ts';
import { analyse, type ModelClip, representationOf } from '../../dsp/representation.ts';
import { shownName } from '../../files/system-errors.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { refuseBroken } from './encode-split.ts';
import type { KnownRecording, LatentRequests } from './protocol.ts';

/** A recording with its code: the mean of its posterior. */
export interface EncodedRecording {
  clip: ModelClip;
  /** `[latent]`. */
  code: Float32Array;
}

/**
 * Reads at most `mostSec` of a recording, mixed to one channel at its own rate.
 *
 * @throws ResynthError dataset/file-changed, dataset/file-vanished, audio/*.
 */
export function readKnownRecording(
  { id, path, contentHash, startSec, endSec }: KnownRecording,
  mostSec: number,
): { samples: Float32Array; sampleRateHz: number } {
  if (readFileFacts(path, id).contentHash !== contentHash) {
    throw new ResynthError('dataset/file-changed', { file: shownName(id) });
  }
  const from = startSec ?? 0;
  const maxDurationSec = Math.min(mostSec, (endSec ?? Infinity) - from);
  const audio = decodeAudio(path, { startSec: from, maxDurationSec });
  return { samples: mixToMono(audio.channels), sampleRateHz: audio.sampleRateHz };
}

/**
 * Reads a recording as the model is given it, and encodes it.
 *
 * @throws ResynthError dataset/file-changed, dataset/file-vanished, audio/*; latent/recording-silent; what encoding throws.
 */
export async function encodeRecording(
  model: LoadedModel,
  recording: KnownRecording,
): Promise<EncodedRecording> {
  const pipeline = model.config.features;
  const audio = readKnownRecording(recording, representationOf(pipeline).readSec(pipeline));
  const clip = analyse(audio.samples, audio.sampleRateHz, pipeline);
  const { mean } = await model.encode(clip.input);
  refuseBroken(mean, [recording.id], model);
  return { clip, code: mean };
}

/** What the model makes of one recording, on the recording's own levels; by the first `stages` of a discrete code alone where they are told. */
export async function reconstructRecording(
  model: LoadedModel,
  recording: KnownRecording,
  stages?: number,
): Promise<LatentRequests['reconstructRecording']['result']> {
  const { clip, code: whole } = await encodeRecording(model, recording);
  const code = stages === undefined ? whole : await model.vectorsOf(await model.indices(clip.input), stages);
  const { minDb, maxDb } = clip;
  const features = model.levels(await model.decode(code), clip);
  return { features, extremes: { minDb, maxDb }, used: model.used };
}
