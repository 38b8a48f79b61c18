import path from 'node:path';
import type {
  latentAbilities,
  latentEncode,
  latentMap,
  latentNeighbours,
  latentSeparation,
} from '../../../src-preload/contract/commands/latent.ts';
import { csvText } from '../../../src-preload/contract/comparison/csv.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { latentLayout } from '../../../src-preload/contract/events/latent.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { makeFolder } from '../../files/folders.ts';
import { writeNpy } from '../../files/npy-matrix.ts';
import { project } from '../../projection/client.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import type { HostContext, HostHandler } from '../services.ts';
import { codesOf, type RunCodes } from './codes-of-run.ts';
import { asWritten, classesOf, columnOf, pointsOf } from './points.ts';

/** The `latent` commands: codes of splits, maps of them, and how their classes lie. */

/** Clips that a projection needs at least. */
const leastClips = 7;
/** Of t-SNE, where there are clips enough. */
const usualPerplexity = 30;
/** Clips that separation compares each with each. */
const separationMost = 4000;
const separationSeed = 0;

export const handleLatentEncode: HostHandler<typeof latentEncode> = async (input, context) => {
  const codes = await codesOf(context.services, input, context);
  return {
    model: codes.model,
    identity: codes.identity,
    split: codes.split,
    count: codes.ids.length,
    latentDim: latentDimOf(codes),
    averagedOver: averagedOverOf(codes),
    cached: codes.cached,
    files:
      input.out === undefined
        ? []
        : await writeCodesTo(context, codes, path.resolve(input.out), input.errors),
  };
};

export const handleLatentMap: HostHandler<typeof latentMap> = async (input, context) => {
  const { services } = context;
  const codes = await codesOf(services, input, context);
  const { method, iterations, neighbours, minDist, seed } = input;
  refuseFew(codes, method === 'pca' ? 'A map' : method === 'tsne' ? 't-SNE' : 'UMAP', leastClips);
  const most = Math.floor((codes.ids.length - 1) / 3);
  const perplexity = input.perplexity ?? Math.min(usualPerplexity, most);
  if (method === 'tsne' && perplexity > most) {
    throw new ResynthError('latent/perplexity', { perplexity, count: codes.ids.length, most });
  }
  const points = await pointsOf(services, codes, input.errors);
  const { x, y, explained, how, divergence } = await project(
    { kind: 'layout', files: filesOf(codes), method, seed, perplexity, iterations, neighbours, minDist },
    {
      nodePath: services.nodePath,
      signal: context.signal,
      progress: ({ stage, done, total, layout }) => {
        context.progress({ stage, done, total });
        if (!layout || input.watch === undefined) return;
        services.hub.publish(latentLayout, {
          watch: input.watch,
          run: codes.run.record.id,
          iteration: done,
          iterations: total,
          ...layout,
        });
      },
    },
  );
  const { id, name } = codes.run.record.dataset;
  const file = input.out === undefined ? null : path.resolve(input.out);
  if (file !== null) {
    await makeFolder(path.dirname(file));
    await writeFileAtomic(
      file,
      csvText(
        [
          'row',
          'path',
          'label',
          'speaker',
          'split',
          'x',
          'y',
          'durationSec',
          'klNats',
          ...(points.mse ? ['mse'] : []),
          ...(points.component ? ['component'] : []),
        ],
        points.recordings.map((recording, row) => [
          ...[row, recording, points.labels[row], points.speakers[row], points.splits[row]],
          ...[x[row], y[row], points.durationSec[row], points.klNats[row]].map(asWritten),
          ...(points.mse ? [asWritten(points.mse[row])] : []),
          ...(points.component ? [points.component[row]] : []),
        ]),
      ),
    );
  }
  return {
    model: codes.model,
    identity: codes.identity,
    dataset: { id, name },
    split: codes.split,
    method,
    latentDim: latentDimOf(codes),
    averagedOver: averagedOverOf(codes),
    cached: codes.cached,
    points,
    ...{ x, y, explained, how, divergence, file },
  };
};

export const handleLatentNeighbours: HostHandler<typeof latentNeighbours> = async (input, context) => {
  const { services } = context;
  const codes = await codesOf(services, input, context);
  refuseFew(codes, 'Neighbours', 2);
  const row = codes.ids.indexOf(input.recording);
  if (row < 0) {
    throw new ResynthError('latent/recording-unknown', {
      recording: input.recording,
      split: input.split === 'all' ? 'splits' : `${input.split} split`,
      dataset: codes.run.record.dataset.name,
    });
  }
  const { rows, distances } = await project(
    { kind: 'nearest', files: filesOf(codes), row, n: input.n },
    { nodePath: services.nodePath, signal: context.signal },
  );
  const points = await pointsOf(services, codes, false);
  return {
    recording: input.recording,
    neighbours: Array.from(rows, (other, at) => ({
      recording: points.recordings[other] ?? '',
      label: points.labels[other] ?? null,
      speaker: points.speakers[other] ?? null,
      distance: distances[at] ?? 0,
    })),
  };
};

export const handleLatentSeparation: HostHandler<typeof latentSeparation> = async (input, context) => {
  const { services } = context;
  const { by, k } = input;
  const codes = await codesOf(services, input, context);
  refuseFew(codes, 'Comparing classes', 3);
  const { names, classOf } = await classesOf(services, codes, by);
  const dataset = codes.run.record.dataset.name;
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    throw new ResynthError('latent/one-class', { by, split: codes.split, dataset, name: only });
  }
  const {
    kind: _kind,
    perClass,
    ...figures
  } = await project(
    {
      kind: 'separation',
      files: filesOf(codes),
      classOf,
      classes: names.length,
      k,
      seed: separationSeed,
      most: separationMost,
    },
    { nodePath: services.nodePath, signal: context.signal },
  );
  return {
    ...figures,
    by,
    k,
    of: classOf.filter((one) => one >= 0).length,
    classes: names.length,
    perClass: perClass.map((one, at) => ({ name: names[at] ?? '', ...one })),
  };
};

export const handleLatentAbilities: HostHandler<typeof latentAbilities> = async (input, context) => {
  const run = await context.services.trainers.resolve(input.run);
  const { used, latentDim, encode, decode, sample, utterances, components, labels } =
    await context.services.inference.request(
      'abilities',
      { model: referenceTo(run, input.checkpoint) },
      optionsOf(context),
    );
  const family = String(run.record.config.family);
  const lacks = (capability: string): string =>
    new ResynthError('inference/no-capability', { family, capability }).message;
  const noCode = encode ? null : lacks('encode clips');
  const noSound = decode ? null : lacks('decode a code');
  return {
    model: used,
    latentDim,
    encode: noCode,
    prior: utterances ? null : (noSound ?? (sample ? null : lacks('draw samples'))),
    classMeans: noSound ?? noCode,
    interpolate: noSound ?? noCode,
    components: components === null ? lacks('tell the components of its prior') : noSound,
    componentCount: components,
    labels,
    continue: utterances ? null : lacks('continue a recording'),
    freeRunning: utterances ? null : lacks('hear themselves'),
    sequences: utterances && { standardSec: utterances.sequenceSec, hearsItself: utterances.hearsItself },
  };
};

async function writeCodesTo(
  context: HostContext,
  codes: RunCodes,
  file: string,
  errors: boolean,
): Promise<string[]> {
  const stem = file.replace(/\.npy$/i, '');
  const files = { mean: `${stem}.npy`, logVar: `${stem}.log-variance.npy`, index: `${stem}.index.csv` };
  const shape = [codes.ids.length, latentDimOf(codes)];
  await makeFolder(path.dirname(file));
  await writeNpy(files.mean, await columnOf(codes, 'mean'), shape);
  await writeNpy(files.logVar, await columnOf(codes, 'logVar'), shape);
  const { recordings, labels, speakers, splits, durationSec, klNats, mse } = await pointsOf(
    context.services,
    codes,
    errors,
  );
  await writeFileAtomic(
    files.index,
    csvText(
      ['row', 'path', 'label', 'speaker', 'split', 'durationSec', 'klNats', ...(mse ? ['mse'] : [])],
      recordings.map((recording, row) => [
        ...[row, recording, labels[row], speakers[row], splits[row]],
        ...[asWritten(durationSec[row]), asWritten(klNats[row])],
        ...(mse ? [asWritten(mse[row])] : []),
      ]),
    ),
  );
  return Object.values(files);
}

function filesOf({ parts }: RunCodes): string[] {
  return parts.map(({ file }) => file);
}

function latentDimOf({ parts }: RunCodes): number {
  return parts[0]?.head.latentDim ?? 0;
}

function averagedOverOf({ parts }: RunCodes): number | null {
  return parts[0]?.head.averagedOver ?? null;
}

function refuseFew(codes: RunCodes, what: string, least: number): void {
  const count = codes.ids.length;
  if (count >= least) return;
  const dataset = codes.run.record.dataset.name;
  throw new ResynthError('latent/too-few', { what, least, split: codes.split, dataset, count });
}
