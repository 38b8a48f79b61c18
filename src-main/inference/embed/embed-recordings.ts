import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { readFileFacts } from '../../analyst/source-file.ts';
import { toPowerSpectrogram } from '../../dsp/pipelines/power-spectrogram.ts';
import { clipSeconds } from '../../dsp/pipeline.ts';
import { representationOf } from '../../dsp/representation.ts';
import { shownName } from '../../files/system-errors.ts';
import { refuseBroken } from '../latent/encode-split.ts';
import type { CodeGrid } from '../../models/family.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { readMono, writeNpy } from '../media.ts';
import type { ServiceContext } from '../service.ts';
import {
  codeNumbersIn,
  encodeTaken,
  inputOf,
  type TakenRecording,
  takeRecording,
} from '../taken-recording.ts';
import { utterancesOf } from '../utterances/through.ts';
import type { EmbeddedFacts, EmbedRequests } from './protocol.ts';

type Params = EmbedRequests['embedRecordings']['params'];
type Embedded = EmbedRequests['embedRecordings']['result']['embedded'][number];
type MonoAudio = ReturnType<typeof readMono>;

/** A code with what is known of it. */
interface Code extends EmbeddedFacts {
  data: Float32Array;
  warnings: string[];
}

/**
 * Writes the code of each recording (the mean of its posterior; of discrete codes the indices) as a NumPy file. A recording that cannot be read is refused by itself.
 *
 * @throws ResynthError inference/no-capability; what concerns all files alike: files/disk-full, files/not-writable.
 */
export async function embedRecordings(
  model: LoadedModel,
  { files }: Params,
  { signal }: Pick<ServiceContext, 'signal'>,
): Promise<EmbedRequests['embedRecordings']['result']> {
  const utterances = utterancesOf(model);
  const encode = (name: string, audio: MonoAudio): Promise<Code> =>
    utterances ? encodeUtterance(utterances, name, audio, signal) : encodeWindows(model, audio);
  const embedded: Embedded[] = [];
  for (const { id, path, contentHash, stretch, out } of files) {
    signal.throwIfAborted();
    try {
      if (readFileFacts(path, id).contentHash !== contentHash) {
        throw new ResynthError('dataset/file-changed', { file: shownName(id) });
      }
      const { readSec } = representationOf(model.config.features);
      const audio = readMono(path, utterances ? Infinity : readSec(model.config.features), stretch);
      const { data, ...facts } = await encode(id, audio);
      refuseBroken(data, [id], model);
      const numbers = model.grid ? Int16Array.from(data) : data;
      await writeNpy(out, numbers, [facts.vectors, facts.numbers]);
      embedded.push({ ...facts, warnings: [...audio.warnings, ...facts.warnings] });
    } catch (thrown) {
      signal.throwIfAborted();
      const error = asResynthError(thrown);
      // These are about the disk or the model: the next recording would only repeat them.
      if (error.code.startsWith('files/') || error.code.startsWith('inference/no-')) throw thrown;
      embedded.push({ refused: error.toJSON() });
    }
  }
  return { embedded };
}

/** Clips, or all that follow on one another: vectors beyond the end of the recording are left out. */
async function encodeWindows(model: LoadedModel, audio: MonoAudio): Promise<Code> {
  const pipeline = model.config.features;
  const taken = takeRecording(audio.samples, audio.sampleRateHz, pipeline);
  const { data, numbers } = await (model.grid ? indicesIn(taken, model, model.grid) : meansIn(taken, model));
  const { minDb, maxDb, spokenSec } = taken.clip;
  const warnings: string[] = [];
  if (minDb === maxDb) warnings.push('it is silent');
  const left = audio.wholeSec - clipSeconds(taken.config);
  if (left > 1 / audio.sampleRateHz) {
    warnings.push(
      `only its first ${clipSeconds(taken.config)} s are encoded; ${left.toFixed(2)} s are left out`,
    );
  }
  return {
    data,
    vectors: data.length / numbers,
    numbers,
    ...{ fromSec: 0, seconds: spokenSec, minDb, maxDb, scale: 1, whole: null, warnings },
  };
}

async function meansIn(taken: TakenRecording, model: LoadedModel): Promise<Pick<Code, 'data' | 'numbers'>> {
  const [posterior] = await encodeTaken(model, [taken]);
  const data = posterior?.mean.slice(0, codeNumbersIn(taken, model)) ?? new Float32Array();
  return { data, numbers: model.latentDim / model.vectors };
}

/** The indices of a position, stage after stage. */
async function indicesIn(
  taken: TakenRecording,
  model: LoadedModel,
  { stages }: CodeGrid,
): Promise<Pick<Code, 'data' | 'numbers'>> {
  return { data: await model.indices(inputOf(model, [taken])), numbers: stages };
}

/** A vector a frame, of the recording without the silence at its ends. */
async function encodeUtterance(
  { model, pipeline }: NonNullable<ReturnType<typeof utterancesOf>>,
  name: string,
  audio: MonoAudio,
  signal: AbortSignal,
): Promise<Code> {
  const { power, samples, scale, span } = toPowerSpectrogram(audio.samples, audio.sampleRateHz, pipeline);
  if (scale === 0 || samples.length < pipeline.nFft) {
    throw new ResynthError('inference/nothing-heard', { name, samples: pipeline.nFft });
  }
  const { z, v } = await model.encode(power, { kind: 'mean' }, signal);
  return {
    data: z,
    vectors: power.frames,
    numbers: z.length / power.frames,
    fromSec: span.start / pipeline.sampleRateHz,
    seconds: samples.length / pipeline.sampleRateHz,
    minDb: null,
    maxDb: null,
    scale,
    whole: v && [...v],
    warnings: [],
  };
}
