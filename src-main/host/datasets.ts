import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Dataset, SkippedFile } from '../corpora/recording.ts';
import { chooseCorpus, corpusById } from '../corpora/registry.ts';
import { realFolder } from '../corpora/walk.ts';
import { type DatasetListing, type DatasetStore, openDatasetStore } from '../store/dataset-store.ts';
import type { Home } from '../store/home.ts';
import { type ScanChanges, scanFolder, summarise } from './datasets-scan.ts';

type Report = (event: ProgressEvent) => void;

/** A dataset with the files that were passed over. */
export interface ShownDataset {
  dataset: Dataset;
  skipped: readonly SkippedFile[];
}

export interface AddRequest {
  dir: string;
  /** By default the folder's own name; that of the folder above where it is just called recordings. */
  name?: string | undefined;
  /** A layout's id, or 'auto'. */
  layout: string;
}

/**
 * Indexes a folder as a new dataset. Nothing is there until all is: cancelled or killed, it leaves nothing. A folder that
 * is a dataset already is refused, unless another name is given for it on purpose.
 *
 * @throws ResynthError dataset/folder-missing, dataset/not-a-folder, dataset/folder-unreadable, dataset/layout-unknown,
 *   dataset/layout-mismatch, dataset/no-recordings, dataset/name-invalid, dataset/name-taken, dataset/already-added,
 *   files/disk-full, internal/cancelled.
 */
export async function addDataset(
  home: Home,
  request: AddRequest,
  progress: Report,
  signal: AbortSignal,
): Promise<ShownDataset> {
  const folder = path.resolve(request.dir);
  const store = openDatasetStore(home);
  const real = await realFolder(folder);
  const name = request.name === undefined ? nameForFolder(folder) : checkName(request.name);
  await refuseDuplicates(store, { name, named: request.name !== undefined, folder, real });

  const { corpus, note } = await chooseCorpus(folder, request.layout, signal);
  progress({ stage: `Layout: ${corpus.title}`, detail: note });
  const createdMs = Date.now();
  const { recordings, skipped } = await scanFolder(folder, corpus, [], progress, signal);
  const dataset: Dataset = {
    id: idForName(name),
    name,
    folder,
    layout: corpus.id,
    layoutNote: note,
    createdMs,
    scannedMs: createdMs,
    ...summarise(recordings),
    skipped: skipped.length,
    splitNote: corpus.splitNote,
  };
  await store.create({ dataset, recordings, skipped });
  return { dataset, skipped };
}

/** Every dataset in the order of adding, and those that cannot be read any more. */
export function listDatasets(home: Home): Promise<DatasetListing> {
  return openDatasetStore(home).list();
}

/**
 * One dataset and what was skipped.
 *
 * @throws ResynthError dataset/unknown, store/damaged.
 */
export async function showDataset(home: Home, nameOrId: string): Promise<ShownDataset> {
  const { id } = await resolveDataset(home, nameOrId);
  return openDatasetStore(home).readContent(id);
}

/**
 * Reads the folder of a dataset again: what is new or changed is opened, what is gone is dropped and counted. When the
 * folder is not there, or nothing usable is left in it (a disk that is not mounted), the dataset stays as it was.
 *
 * @throws ResynthError as `addDataset`, dataset/unknown, store/damaged.
 */
export async function rescanDataset(
  home: Home,
  nameOrId: string,
  progress: Report,
  signal: AbortSignal,
): Promise<ShownDataset & { changes: ScanChanges }> {
  const store = openDatasetStore(home);
  const { id } = await resolveDataset(home, nameOrId);
  const before = await store.readContent(id);
  const corpus = corpusById(before.dataset.layout);
  const scannedMs = Date.now();
  const { recordings, skipped, changes } = await scanFolder(
    before.dataset.folder,
    corpus,
    before.recordings,
    progress,
    signal,
  );
  const dataset: Dataset = {
    ...before.dataset,
    ...summarise(recordings),
    scannedMs,
    skipped: skipped.length,
    splitNote: corpus.splitNote,
  };
  await store.replace({ dataset, recordings, skipped });
  return { dataset, skipped, changes };
}

/**
 * Forgets a dataset, a damaged one as well; the recordings on disk are never touched. Gives back its id and its folder,
 * null where that could not be read any more.
 *
 * @throws ResynthError dataset/unknown.
 */
export async function removeDataset(
  home: Home,
  nameOrId: string,
): Promise<{ removed: string; folder: string | null }> {
  const store = openDatasetStore(home);
  const listing = await store.list();
  const damaged = listing.damaged.find(({ id }) => id === nameOrId);
  const dataset = damaged ? undefined : pick(listing, nameOrId);
  const id = damaged?.id ?? dataset?.id ?? nameOrId;
  await store.remove(id);
  return { removed: dataset?.name ?? id, folder: dataset?.folder ?? null };
}

/**
 * The dataset that a user means by a name or an id.
 *
 * @throws ResynthError dataset/unknown with the names there are; store/damaged when it is one that cannot be read.
 */
export async function resolveDataset(home: Home, nameOrId: string): Promise<Dataset> {
  return pick(await openDatasetStore(home).list(), nameOrId);
}

function pick(listing: DatasetListing, nameOrId: string): Dataset {
  const found =
    listing.datasets.find(({ id }) => id === nameOrId) ??
    listing.datasets.find(({ name }) => name === nameOrId);
  if (found) return found;
  const damaged = listing.damaged.find(({ id }) => id === nameOrId || id === idForName(nameOrId));
  if (damaged) throw damaged.error;
  const known = listing.datasets.map(({ name }) => name).join(', ') || 'none';
  throw new ResynthError('dataset/unknown', { name: nameOrId, known });
}

async function refuseDuplicates(
  store: DatasetStore,
  wanted: { name: string; named: boolean; folder: string; real: string },
): Promise<void> {
  const { datasets } = await store.list();
  for (const dataset of datasets) {
    const sameFolder = dataset.folder === wanted.folder || (await realOrNull(dataset.folder)) === wanted.real;
    if (sameFolder && (!wanted.named || dataset.name === wanted.name)) {
      throw new ResynthError('dataset/already-added', { folder: wanted.folder, name: dataset.name });
    }
  }
  const taken = datasets.find(({ name, id }) => name === wanted.name || id === wanted.name);
  if (taken) throw new ResynthError('dataset/name-taken', { name: wanted.name, folder: taken.folder });
}

function realOrNull(folder: string): Promise<string | null> {
  return realpath(folder).catch(() => null);
}

const longestName = 100;

/** @throws ResynthError dataset/name-invalid. */
function checkName(name: string): string {
  const trimmed = name.normalize('NFC').trim();
  const refuse = (detail: string) => new ResynthError('dataset/name-invalid', { name, detail });
  if (trimmed === '') throw refuse('it is empty');
  if ([...trimmed].length > longestName) throw refuse(`it is longer than ${longestName} characters`);
  if (/\p{Cc}/u.test(trimmed)) throw refuse('it holds a line break or another control character');
  return trimmed;
}

/** A name from a folder's, which may hold anything: made short and plain enough to be typed. */
function nameForFolder(folder: string): string {
  const own = path.basename(folder);
  const base = own === 'recordings' ? path.basename(path.dirname(folder)) || own : own;
  const plain = base
    .normalize('NFC')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return [...plain].slice(0, longestName).join('') || 'recordings';
}

/** A folder-safe id: the same name always gives the same one, so the file system itself refuses a second of that name. */
function idForName(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${words || 'dataset'}-${suffix}`;
}
