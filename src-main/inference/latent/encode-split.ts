import type { CodesIdentity } from '../../../src-preload/contract/commands/latent.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { codesFile, readCodesHead, writeCodes } from '../../analyst/codes-file.ts';
import { ensureFeatures } from '../../analyst/feature-cache.ts';
import type { FeatureReader } from '../../analyst/features.ts';
import { openHome } from '../../store/home.ts';
import { readManifest } from '../../store/manifest.ts';
import type { LoadedModel, PosteriorValues } from '../loaded-model.ts';
import type { ServiceContext } from '../service.ts';
import type { LatentRequests } from './protocol.ts';

/** Clips in memory at a time: whole batches, and a word of progress a second or so. */
const clipsAtOnce = 64;

/**
 * Encodes every clip of a split that is not silent, from the cache of features (made where it is not there), and keeps
 * means, log variances and figures in a file named after model, checkpoint and split. What is there already is used.
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
    const { codes, mse } = await encodeAll(model, reader, job, context);
    const mixture = model.can('mixture') ? await model.mixture() : null;
    await writeCodes(file, {
      identity,
      model: model.used,
      split,
      latentDim: model.latentDim,
      ids: [...reader.ids],
      data: {
        ...codes,
        minDb: reader.extremesDb.filter((_, at) => at % 2 === 0),
        maxDb: reader.extremesDb.filter((_, at) => at % 2 === 1),
        spokenSec: reader.spokenSec,
        ...(mse ? { mse } : {}),
        ...(mixture
          ? { responsibilities: await model.responsibilities(codes.mean, mixture.components) }
          : {}),
      },
      ...(mixture ? { components: mixture.components } : {}),
    });
    return { file, identity, count: reader.count, computed: true };
  } finally {
    reader.close();
  }
}

async function encodeAll(
  model: LoadedModel,
  reader: FeatureReader,
  { split, errors }: LatentRequests['encodeSplit']['params'],
  context: ServiceContext,
): Promise<{ codes: PosteriorValues; mse: Float32Array | null }> {
  const { count } = reader;
  const { clipSize, latentDim } = model;
  const codes = {
    mean: new Float32Array(count * latentDim),
    logVar: new Float32Array(count * latentDim),
    klNats: new Float32Array(count),
  };
  const mse = errors ? new Float32Array(count) : null;
  const stage = errors ? `Encoding and decoding the ${split} clips` : `Encoding the ${split} clips`;
  for (let first = 0; first < count; first += clipsAtOnce) {
    if (context.signal.aborted) throw new ResynthError('internal/cancelled');
    context.progress({ stage, done: first, total: count, unit: 'clips' });
    const here = Math.min(clipsAtOnce, count - first);
    const features = new Float32Array(here * clipSize);
    reader.read(
      Int32Array.from({ length: here }, (_, at) => first + at),
      features,
    );
    const { mean, logVar, klNats } = await model.encode(features);
    codes.mean.set(mean, first * latentDim);
    codes.logVar.set(logVar, first * latentDim);
    codes.klNats.set(klNats, first);
    if (mse) mse.set(errorsOf(features, await model.decode(mean), here), first);
  }
  refuseBroken(codes.mean, reader.ids, model);
  return { codes, mse };
}

/** Mean squared error of each of `count` clips. */
function errorsOf(features: Float32Array, decoded: Float32Array, count: number): Float32Array {
  const size = features.length / count;
  return Float32Array.from({ length: count }, (_, clip) => {
    let squares = 0;
    for (let at = clip * size; at < (clip + 1) * size; at++) squares += (decoded[at]! - features[at]!) ** 2;
    return squares / size;
  });
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
