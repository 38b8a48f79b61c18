import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { featureShape, withClipSamples } from '../../dsp/pipeline.ts';
import { generatedExtremes } from '../../dsp/minmax.ts';
import { fromPowerSpectrogram } from '../../dsp/pipelines/power-spectrogram.ts';
import { representationOf } from '../../dsp/representation.ts';
import { sizeOf } from '../../models/parameters.ts';
import { attenuationDb, commonGain } from '../audio-files.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { readNpy, writeAudio } from '../media.ts';
import type { ServiceContext } from '../service.ts';
import { decodeTaken } from '../taken-recording.ts';
import { utterancesOf } from '../utterances/through.ts';
import type { EmbeddedFacts, EmbedRequests } from './protocol.ts';

type Params = EmbedRequests['decodeEmbeddings']['params'];
type Decoded = EmbedRequests['decodeEmbeddings']['result']['decoded'][number];
type Inversion = Pick<Params, 'iterations' | 'seed'>;

/**
 * Writes what each file of codes decodes to as a WAV: frames overlapped and added, the phase by Griffin-Lim. As many vectors as the
 * file has are decoded, whatever there was of the recording. A file that is no such code is refused by itself.
 *
 * @throws ResynthError inference/no-capability; files/disk-full, files/not-writable.
 */
export async function decodeEmbeddings(
  model: LoadedModel,
  { files, ...inversion }: Params,
  { signal }: Pick<ServiceContext, 'signal'>,
): Promise<EmbedRequests['decodeEmbeddings']['result']> {
  const decoded: Decoded[] = [];
  const { sampleRateHz } = model.config.features;
  for (const { npy, out, facts } of files) {
    signal.throwIfAborted();
    try {
      const { data, shape } = await readNpy(npy);
      const [vectors = 0, numbers] = shape;
      const finite = data.every(Number.isFinite);
      if (shape.length !== 2 || numbers !== facts.numbers || vectors === 0 || !finite) {
        const given = finite ? `is of shape ${shape.join(' x ')}` : 'has numbers that are not finite';
        throw new ResynthError('embed/code-unfit', { file: npy, given, numbers: facts.numbers });
      }
      const code = { data, vectors, facts, npy };
      const sound = await (utterancesOf(model)
        ? utteranceOf(model, code, inversion, signal)
        : windowsOf(model, code, inversion));
      if (!sound.every(Number.isFinite)) {
        const given = 'gives, with the levels and the scale that the index has of it, no finite sound';
        throw new ResynthError('embed/code-unfit', { file: npy, given, numbers: facts.numbers });
      }
      const gain = commonGain([sound]);
      writeAudio(out, sound, sampleRateHz, gain);
      decoded.push({ seconds: sound.length / sampleRateHz, attenuatedDb: attenuationDb(gain) });
    } catch (thrown) {
      signal.throwIfAborted();
      const error = asResynthError(thrown);
      const all = ['files/disk-full', 'files/not-writable', 'inference/no-capability'];
      if (all.includes(error.code)) throw thrown;
      decoded.push({ refused: error.toJSON() });
    }
  }
  return { decoded };
}

interface Code {
  npy: string;
  data: Float32Array;
  vectors: number;
  facts: EmbeddedFacts;
}

async function windowsOf(
  model: LoadedModel,
  { npy, data, vectors, facts }: Code,
  { iterations, seed }: Inversion,
): Promise<Float32Array> {
  const pipeline = model.config.features;
  const { consecutive, synthesise } = representationOf(pipeline);
  const { grid, vectors: perClip } = model;
  const ofClip = grid ? sizeOf(grid.grid) * grid.stages : model.latentDim;
  const refuse = (given: string): ResynthError =>
    new ResynthError('embed/code-unfit', { file: npy, given, numbers: facts.numbers });
  if (!consecutive && data.length !== ofClip) {
    throw refuse(`has ${data.length} numbers, but the model's clip has ${ofClip}`);
  }
  const isIndex = (value: number): boolean =>
    Number.isInteger(value) && value >= 0 && value < (grid?.codebookSize ?? Infinity);
  if (grid && !data.every(isIndex)) {
    throw refuse(`has numbers that are no indices of a codebook of ${grid.codebookSize}, counted from 0`);
  }
  const { samples: clipSamples } = featureShape(pipeline);
  const config = consecutive ? withClipSamples(pipeline, (vectors * clipSamples) / perClip) : pipeline;
  const clips = Math.ceil(data.length / ofClip);
  const padded = new Float32Array(clips * ofClip);
  padded.set(data);
  const codes = grid ? await model.vectorsOf(padded, grid.stages) : padded;
  const { minDb, maxDb, seconds } = facts;
  const extremes = minDb === null || maxDb === null ? generatedExtremes : { minDb, maxDb };
  const [levels] = await decodeTaken(model, [{ config, clips, clip: extremes }], [codes]);
  const whole = synthesise(levels ?? new Float32Array(), extremes, config, { iterations, seed });
  // As long as the recording where nothing was added to its code or taken away.
  const own = vectors === facts.vectors ? Math.round(seconds * pipeline.sampleRateHz) : whole.length;
  return whole.subarray(0, own);
}

async function utteranceOf(
  model: LoadedModel,
  { npy, data, vectors, facts }: Code,
  { iterations, seed }: Inversion,
  signal: AbortSignal,
): Promise<Float32Array> {
  const utterances = utterancesOf(model);
  if (!utterances) throw new Error('a model of utterances was asked for');
  const { pipeline } = utterances;
  const v = facts.whole && Float32Array.from(facts.whole);
  const { wholeNumbers } = utterances.model;
  if ((v?.length ?? 0) !== wholeNumbers) {
    const given = `needs ${wholeNumbers} numbers of the whole recording in its index, which has ${v?.length ?? 0}`;
    throw new ResynthError('embed/code-unfit', { file: npy, given, numbers: facts.numbers });
  }
  const power = await utterances.model.decode({ z: data, v }, vectors, signal);
  const own = vectors === facts.vectors;
  const most = vectors * pipeline.hopLength;
  const length = own
    ? Math.min(most, Math.round(facts.seconds * pipeline.sampleRateHz))
    : most - pipeline.hopLength;
  const { scale } = facts;
  const inversion = { phase: null, iterations, seed, length, scale };
  return Float32Array.from(fromPowerSpectrogram(power, pipeline, inversion));
}
