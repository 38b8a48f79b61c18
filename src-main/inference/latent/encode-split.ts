import type { CodesIdentity } from '../../../src-preload/contract/commands/latent.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { codesFile, readCodesHead, writeCodes } from '../../analyst/codes-file.ts';
import { ensureFeatures } from '../../analyst/feature-cache.ts';
import type { FeatureReader } from '../../analyst/features.ts';
import { openHome } from '../../store/home.ts';
import { readManifest } from '../../store/manifest.ts';
import type { LoadedModel, PosteriorValues } from '../loaded-model.ts';
import type { ServiceContext } from '../service.ts';
import { averagedOver, averageOverPositions } from './code-summary.ts';
import type { LatentRequests } from './protocol.ts';

/** Clips in memory at a time: whole batches, and a word of progress a second or so. */
const clipsAtOnce = 64;

/**
 * Encodes every recording of a split that is not silent, of several clips the first one, from the cache of features (made where
 * it is not there), and keeps means, log variances and figures in a file named after model, checkpoint and split. What is there
 * already is used. Of codes with too many positions to keep the mean over positions is kept.
 *
 * @throws ResynthError dataset/split-empty, store/manifest-missing and others of the features; inference/no-capability;
 *   latent/codes-not-finite; internal/cancelled.
 */
export async function encodeSplit(
  model: LoadedModel,
  job: LatentRequests['encodeSplit']['params'],
  context: ServiceContext,
): Promise<LatentRequests['encodeSplit']['result']> {
  const home = openHome(job.home);
  const { dataset, split } = job;
  const identity: CodesIdentity = {
    run: model.used.run,
    step: model.used.step,
    weights: model.weights,
    splitHash: dataset.splitHash,
  };
  const file = codesFile(home.latents, identity, split);
  const known = await readCodesHead(file);
  if (known && (!job.errors || known.columns.includes('mse'))) {
    return { file, identity, count: known.count, computed: false };
  }
  const reader = await ensureFeatures(
    {
      dataset,
      recordings: await readManifest(home, dataset.splitHash),
      split,
      config: model.config.features,
      home,
    },
    context.progress,
    context.signal,
  );
  try {
    const rows = firstRows(reader.ids);
    const { codes, mse } = await encodeAll(model, reader, rows, job, context);
    const positions = averagedOver(model);
    const mixture = model.can('mixture') ? await model.mixture() : null;
    await writeCodes(file, {
      identity,
      model: model.used,
      split,
      latentDim: codes.mean.length / rows.length,
      ids: [...rows].map((row) => reader.ids[row] ?? ''),
      data: {
        ...codes,
        minDb: Float32Array.from(rows, (row) => reader.extremesDb[2 * row] ?? 0),
        maxDb: Float32Array.from(rows, (row) => reader.extremesDb[2 * row + 1] ?? 0),
        spokenSec: Float32Array.from(rows, (row) => reader.spokenSec[row] ?? 0),
        ...(mse ? { mse } : {}),
        ...(mixture
          ? { responsibilities: await model.responsibilities(codes.mean, mixture.components) }
          : {}),
      },
      ...(mixture ? { components: mixture.components } : {}),
      ...(positions === null ? {} : { averagedOver: positions }),
    });
    return { file, identity, count: rows.length, computed: true };
  } finally {
    reader.close();
  }
}

/** The row of each recording's first clip: what maps and neighbours are of, and what is shown and heard of it. */
export function firstRows(ids: readonly string[]): Int32Array {
  return Int32Array.from(ids.keys()).filter((row) => row === 0 || ids[row] !== ids[row - 1]);
}

async function encodeAll(
  model: LoadedModel,
  reader: FeatureReader,
  rows: Int32Array,
  { split, errors }: LatentRequests['encodeSplit']['params'],
  context: ServiceContext,
): Promise<{ codes: PosteriorValues; mse: Float32Array | null }> {
  const count = rows.length;
  const { clipSize } = model;
  const positions = averagedOver(model);
  const width = model.latentDim / (positions ?? 1);
  const codes = {
    mean: new Float32Array(count * width),
    logVar: new Float32Array(count * width),
    klNats: new Float32Array(count),
  };
  const mse = errors ? new Float32Array(count) : null;
  const stage = errors ? `Encoding and decoding the ${split} clips` : `Encoding the ${split} clips`;
  for (let first = 0; first < count; first += clipsAtOnce) {
    if (context.signal.aborted) throw new ResynthError('internal/cancelled');
    context.progress({ stage, done: first, total: count, unit: 'clips' });
    const here = Math.min(clipsAtOnce, count - first);
    const features = new Float32Array(here * clipSize);
    const taken = rows.subarray(first, first + here);
    reader.read(taken, features);
    const whole = await model.encode(features);
    const kept = positions === null ? whole : averageOverPositions(whole, positions);
    codes.mean.set(kept.mean, first * width);
    codes.logVar.set(kept.logVar, first * width);
    codes.klNats.set(kept.klNats, first);
    if (!mse) continue;
    const decoded = await model.decode(whole.mean);
    for (const [at, row] of taken.entries()) {
      const [minDb = 0, maxDb = 0] = reader.extremesDb.subarray(2 * row, 2 * row + 2);
      const levels = (values: Float32Array): Float32Array =>
        model.levels(values.subarray(at * clipSize, (at + 1) * clipSize), { minDb, maxDb });
      mse[first + at] = errorOf(levels(features), levels(decoded));
    }
  }
  const ids = [...rows].map((row) => reader.ids[row] ?? '');
  refuseBroken(codes.mean, ids, model);
  return { codes, mse };
}

/** Mean squared error of the levels of a clip. */
function errorOf(levels: Float32Array, decoded: Float32Array): number {
  let squares = 0;
  for (let at = 0; at < levels.length; at++) squares += (decoded[at]! - levels[at]!) ** 2;
  return squares / levels.length;
}

/** Nothing can be laid out or averaged that is not a number. */
export function refuseBroken(
  mean: Float32Array,
  ids: readonly string[],
  { used }: Pick<LoadedModel, 'used'>,
): void {
  const latentDim = mean.length / Math.max(1, ids.length);
  const broken = ids.filter((_, clip) => {
    for (let at = clip * latentDim; at < (clip + 1) * latentDim; at++) {
      if (!Number.isFinite(mean[at])) return true;
    }
    return false;
  });
  const [recording] = broken;
  if (recording === undefined) return;
  throw new ResynthError('latent/codes-not-finite', {
    run: used.name,
    step: used.step,
    count: broken.length,
    recording,
  });
}
