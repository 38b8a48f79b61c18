import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { type CodesHead, readCodes } from '../../analyst/codes-file.ts';
import { ensureFeatures } from '../../analyst/feature-cache.ts';
import type { FeatureReader } from '../../analyst/features.ts';
import type { Extremes } from '../../dsp/minmax.ts';
import { sizeOf } from '../../models/parameters.ts';
import { openHome } from '../../store/home.ts';
import { readManifest } from '../../store/manifest.ts';
import type { LoadedModel } from '../loaded-model.ts';
import type { ServiceContext } from '../service.ts';
import type { ClassCodes } from './codes.ts';
import { firstRows } from './encode-split.ts';
import type { ClassRows, CodedDataset } from './protocol.ts';

/** Clips that are encoded at a time. */
const clipsAtOnce = 32;

type Part = { head: CodesHead; rows: Int32Array; mean: Float32Array };

/**
 * The codes of a class: those that are kept, or, where only the mean over their positions is, made again clip after clip from the
 * cache of features, so that codes of any size can be summed. `close` lets go of what is open.
 *
 * @throws ResynthError store/manifest-missing and others of the features; internal/cancelled.
 */
export async function readClass(
  model: LoadedModel,
  { name, rows }: ClassRows,
  from: CodedDataset,
  context: Pick<ServiceContext, 'signal' | 'progress'>,
): Promise<{ group: ClassCodes; extremes: Extremes; close(): void }> {
  const parts: Part[] = [];
  const readers: FeatureReader[] = [];
  let [minDb, maxDb, count] = [0, 0, 0];
  for (const part of rows) {
    const read = await readCodes(part.file, ['mean', 'minDb', 'maxDb']);
    if (!read) throw new Error(`the codes in ${path.basename(part.file)} are not there any more`);
    parts.push({ head: read.head, rows: part.rows, mean: read.data.mean });
    for (const row of part.rows) {
      minDb += read.data.minDb[row]!;
      maxDb += read.data.maxDb[row]!;
      count++;
    }
  }
  async function* codes(): AsyncGenerator<Float32Array> {
    for (const [at, part] of parts.entries()) {
      if (part.head.averagedOver === undefined) yield* keptCodes(part);
      else {
        readers[at] ??= await readerOf(part.head, model, from, context);
        yield* encodedAgain(model, readers[at], part.rows, { name, ...context });
      }
    }
  }
  return {
    group: { name, count, codes },
    extremes: { minDb: minDb / count, maxDb: maxDb / count },
    close: () => {
      for (const reader of readers) reader?.close();
    },
  };
}

function* keptCodes({ head: { latentDim }, rows, mean }: Part): Generator<Float32Array> {
  for (const row of rows) yield mean.subarray(row * latentDim, (row + 1) * latentDim);
}

async function readerOf(
  { split }: CodesHead,
  model: LoadedModel,
  { home: root, dataset }: CodedDataset,
  { progress, signal }: Pick<ServiceContext, 'signal' | 'progress'>,
): Promise<FeatureReader> {
  const home = openHome(root);
  const recordings = await readManifest(home, dataset.splitHash);
  return ensureFeatures(
    { dataset, recordings, split, config: model.config.features, home },
    progress,
    signal,
  );
}

async function* encodedAgain(
  model: LoadedModel,
  reader: FeatureReader,
  rows: Int32Array,
  { name, progress, signal }: { name: string } & Pick<ServiceContext, 'signal' | 'progress'>,
): AsyncGenerator<Float32Array> {
  // The rows of codes are those of each recording's first clip.
  const first = firstRows(reader.ids);
  for (let begin = 0; begin < rows.length; begin += clipsAtOnce) {
    if (signal.aborted) throw new ResynthError('internal/cancelled');
    progress({ stage: `Encoding the clips of ${name}`, done: begin, total: rows.length, unit: 'clips' });
    const here = rows.subarray(begin, begin + clipsAtOnce).map((row) => first[row] ?? 0);
    const features = new Float32Array(here.length * sizeOf(reader.shape));
    reader.read(here, features);
    const { mean } = await model.encode(features);
    for (let at = 0; at < here.length; at++) {
      yield mean.subarray(at * model.latentDim, (at + 1) * model.latentDim);
    }
  }
}
