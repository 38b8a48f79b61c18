import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { ModelUsed } from '../../../src-preload/contract/commands/reconstruct.ts';
import { ensureFeatures } from '../../analyst/feature-cache.ts';
import type { FeatureReader } from '../../analyst/features.ts';
import { decodeSymbols, encodeSymbols } from '../../models/entropy-coder.ts';
import { sizeOf } from '../../models/parameters.ts';
import { openHome } from '../../store/home.ts';
import { readManifest } from '../../store/manifest.ts';
import type { LatentRequests } from '../latent/protocol.ts';
import type { LoadedModel } from '../loaded-model.ts';
import type { ServiceContext } from '../service.ts';

/** What a discrete code comes to over a split. */
export interface MeasuredCodes {
  used: ModelUsed;
  clips: number;
  grid: number[];
  codebookSize: number;
  spokenSecPerClip: number;
  /** Clips that were decoded for `mse`. */
  errorsOf: number;
  example: string;
  stages: {
    /** How often each code was chosen, `[codebookSize]`. */
    counts: Float64Array;
    /** Of all indices of the stage, by the arithmetic coder. */
    codedBytes: number;
    /** Of levels in 0..1 by the stages up to this one. */
    mse: number;
  }[];
}

/** Clips in memory at a time. */
const clipsAtOnce = 32;
/** Clips decoded at most, evenly taken: each is decoded once a stage. */
const mostDecoded = 32;

/**
 * Indices of every clip of a split, coded and decoded again, and the errors of what the first stages alone give back.
 *
 * @throws ResynthError inference/no-capability for a code of numbers; dataset/split-empty and others of the features; internal/cancelled.
 */
export async function measureCodes(
  model: LoadedModel,
  { home: root, dataset, split }: LatentRequests['measureCodes']['params'],
  { progress, signal }: ServiceContext,
): Promise<MeasuredCodes> {
  const { grid } = model;
  if (!grid) {
    const capability = 'tell indices: its code is of numbers';
    throw new ResynthError('inference/no-capability', { family: model.config.family, capability });
  }
  const home = openHome(root);
  const recordings = await readManifest(home, dataset.splitHash);
  const request = { dataset, recordings, split, config: model.config.features, home };
  const reader = await ensureFeatures(request, progress, signal);
  try {
    const { count } = reader;
    const positions = sizeOf(grid.grid);
    const symbols = Array.from({ length: grid.stages }, () => new Uint16Array(count * positions));
    for (let first = 0; first < count; first += clipsAtOnce) {
      signal.throwIfAborted();
      progress({ stage: `Encoding the ${split} clips`, done: first, total: count, unit: 'clips' });
      const here = Math.min(clipsAtOnce, count - first);
      const rows = Int32Array.from({ length: here }, (_, at) => first + at);
      const indices = await model.indices(readRows(reader, rows));
      for (let at = 0; at < here * positions; at++)
        for (const [stage, all] of symbols.entries())
          all[first * positions + at] = indices[at * grid.stages + stage] ?? 0;
    }
    const decoded = Math.min(mostDecoded, count);
    const chosen = Int32Array.from({ length: decoded }, (_, at) => Math.floor((at * count) / decoded));
    const mse = await errorsByStage(model, reader, chosen, { progress, signal });
    return {
      used: model.used,
      clips: count,
      grid: [...grid.grid],
      codebookSize: grid.codebookSize,
      spokenSecPerClip: reader.spokenSec.reduce((sum, one) => sum + one, 0) / count,
      errorsOf: decoded,
      example: reader.ids[0] ?? '',
      stages: symbols.map((all, stage) => ({
        counts: countsOf(all, grid.codebookSize),
        codedBytes: codedBytes(all, grid.codebookSize),
        mse: mse[stage] ?? Number.NaN,
      })),
    };
  } finally {
    reader.close();
  }
}

function readRows(reader: FeatureReader, rows: Int32Array): Float32Array {
  const features = new Float32Array(rows.length * sizeOf(reader.shape));
  reader.read(rows, features);
  return features;
}

function countsOf(symbols: Uint16Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const symbol of symbols) counts[symbol]! += 1;
  return counts;
}

/** Bytes of the coder's stream, which has to come back as it was. */
function codedBytes(symbols: Uint16Array, size: number): number {
  const bytes = encodeSymbols(symbols, size);
  const back = decodeSymbols(bytes, symbols.length, size);
  if (back.some((symbol, at) => symbol !== symbols[at])) throw new Error('the coder lost an index');
  return bytes.length;
}

/** Mean squared error of levels for the first stage, the first two, and so on. */
async function errorsByStage(
  model: LoadedModel,
  reader: FeatureReader,
  rows: Int32Array,
  { progress, signal }: ServiceContext,
): Promise<number[]> {
  const stages = model.grid?.stages ?? 0;
  const features = readRows(reader, rows);
  const indices = await model.indices(features);
  const errors: number[] = [];
  for (let upTo = 1; upTo <= stages; upTo++) {
    signal.throwIfAborted();
    progress({ stage: 'Decoding by the first stages', done: upTo - 1, total: stages });
    const decoded = await model.decode(await model.vectorsOf(indices, upTo));
    let [squares, numbers] = [0, 0];
    for (const [at, row] of rows.entries()) {
      const extremes = { minDb: reader.extremesDb[2 * row] ?? 0, maxDb: reader.extremesDb[2 * row + 1] ?? 0 };
      const clip = (values: Float32Array): Float32Array =>
        model.levels(values.subarray(at * model.clipSize, (at + 1) * model.clipSize), extremes);
      const [given, wanted] = [clip(decoded), clip(features)];
      for (const [place, value] of given.entries()) squares += (value - (wanted[place] ?? 0)) ** 2;
      numbers += given.length;
    }
    errors.push(squares / numbers);
  }
  return errors;
}
