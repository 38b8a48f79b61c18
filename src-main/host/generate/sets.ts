import { createHash } from 'node:crypto';
import { copyFile, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  type GeneratedSet,
  generatedSetSchema,
  type Recipe,
} from '../../../src-preload/contract/commands/generate.ts';
import { messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { type FeaturePipelineConfig, featureShape, withFrames } from '../../dsp/pipeline.ts';
import { makeFolder } from '../../files/folders.ts';
import { errorCode } from '../../files/system-errors.ts';
import { isTemporaryName } from '../../files/temporaries.ts';
import { setFiles } from '../../inference/latent/set-files.ts';
import type { Run } from '../runs/runs.ts';

/** Generated clips on disk: a folder a set inside the run's folder, so that they go and come back with their run. */

/** The same recipe has the same name. */
export function setIdOf(recipe: Recipe): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
}

export function setFolder(run: Run, set: string): string {
  return path.join(run.folder, 'generated', set);
}

/** A set of a run. @throws ResynthError latent/generated-unknown, latent/generated-damaged. */
export async function readSet(run: Run, set: string): Promise<GeneratedSet> {
  const known = await listSetIds(run);
  // Only what is listed is looked for: a name is no path.
  if (!known.includes(set)) {
    throw new ResynthError('latent/generated-unknown', { run: run.record.name, set });
  }
  const folder = setFolder(run, set);
  try {
    const data: unknown = JSON.parse(await readFile(path.join(folder, setFiles.set), 'utf8'));
    const parsed = generatedSetSchema.safeParse(data);
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error).replaceAll('\n', ' '));
    return { ...parsed.data, folder, bytes: await bytesOf(folder) };
  } catch (thrown) {
    const params = { run: run.record.name, set, detail: messageOf(thrown) };
    throw new ResynthError('latent/generated-damaged', params, { cause: thrown });
  }
}

/** Every set of a run, the newest first, and the names of those that cannot be read. */
export async function listSets(run: Run): Promise<{ sets: GeneratedSet[]; damaged: string[] }> {
  const sets: GeneratedSet[] = [];
  const damaged: string[] = [];
  for (const id of await listSetIds(run)) {
    try {
      sets.push(await readSet(run, id));
    } catch (thrown) {
      if (!(thrown instanceof ResynthError)) throw thrown;
      // Deleted this moment is no damage.
      if (thrown.code === 'latent/generated-damaged') damaged.push(id);
    }
  }
  sets.sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? 1 : -1));
  return { sets, damaged };
}

/** Deletes a set, also a damaged one; gives the bytes that it took. */
export async function removeSet(run: Run, set: string): Promise<number> {
  if (!(await listSetIds(run)).includes(set)) {
    throw new ResynthError('latent/generated-unknown', { run: run.record.name, set });
  }
  const folder = setFolder(run, set);
  const bytes = await bytesOf(folder);
  await rm(folder, { recursive: true, force: true });
  return bytes;
}

/** Copies WAVs, pictures and the recipe of a set; gives their paths. @throws ResynthError files/*. */
export async function copySet(set: GeneratedSet, folder: string): Promise<string[]> {
  await makeFolder(folder);
  const names = [setFiles.set, ...set.clips.flatMap(({ audio, spectrogram }) => [audio, spectrogram])];
  const files: string[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    await copyFile(path.join(set.folder, name), file);
    files.push(file);
  }
  return files;
}

/** What the model gave for one clip, `[bins, frames]` in 0..1. @throws ResynthError latent/generated-damaged. */
export async function readFeatures(
  run: Run,
  set: GeneratedSet,
  clip: number,
  pipeline: FeaturePipelineConfig,
): Promise<Float32Array> {
  const sizes = set.clips.map(({ frames }) => sizeOf(withFrames(pipeline, frames)));
  const before = sizes.slice(0, clip).reduce((sum, size) => sum + size, 0);
  const features = new Float32Array(sizes[clip] ?? 0);
  const bytes = new Uint8Array(features.buffer);
  try {
    const handle = await open(path.join(set.folder, setFiles.features));
    try {
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, before * features.BYTES_PER_ELEMENT);
      if (bytesRead !== bytes.length) throw new Error('it is cut off');
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    const params = { run: run.record.name, set: set.id, detail: messageOf(thrown) };
    throw new ResynthError('latent/generated-damaged', params, { cause: thrown });
  }
  return features;
}

function sizeOf(config: FeaturePipelineConfig): number {
  const { bins, frames } = featureShape(config);
  return bins * frames;
}

async function listSetIds(run: Run): Promise<string[]> {
  try {
    const entries = await readdir(path.join(run.folder, 'generated'), { withFileTypes: true });
    return entries.flatMap((entry) =>
      entry.isDirectory() && !isTemporaryName(entry.name) ? [entry.name] : [],
    );
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

async function bytesOf(folder: string): Promise<number> {
  let total = 0;
  for (const name of await readdir(folder)) total += (await stat(path.join(folder, name))).size;
  return total;
}
