import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { datasetChanged, datasetRemoved } from '../../../src-preload/contract/events/datasets.ts';
import { isListName } from '../../corpora/manifest-rows.ts';
import { placeOf } from '../../corpora/recording.ts';
import { chooseFolderLayout } from '../../corpora/scout.ts';
import { realFolder } from '../../corpora/walk.ts';
import { corpusById } from '../../corpora/registry.ts';
import { corpusScheme, type ScanChanges, type StoredDataset } from '../../store/database/types.ts';
import { expandHome } from '../folders/paths.ts';
import type { Services } from '../services.ts';
import { checkName, idForName, nameForFolder } from './names.ts';
import { startAnalysts } from './reading.ts';
import { type ScanContext, scanInto } from './scan.ts';
import { type DatasetSummary, summaryOf } from './summary.ts';

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
  services: Services,
  request: AddRequest,
  context: ScanContext,
): Promise<StoredDataset> {
  const { database } = services;
  const asked = path.resolve(expandHome(request.dir));
  // A name that cannot be used is told before anything is looked at.
  const wanted = request.name === undefined ? null : checkName(request.name);
  startAnalysts(services);
  const chosen = await chooseFolderLayout(asked, request.layout, context.signal);
  const { folder, manifest, real } = chosen;
  const name = wanted ?? nameForFolder(placeOf(chosen));
  const known = await database.listDatasets();
  await refuseDuplicates(known, { name, named: wanted !== null, folder, manifest, real });
  context.progress({ stage: `Layout: ${chosen.title}`, detail: chosen.note });
  const removed = await database.listRemovedDatasets();
  const { dataset } = await scanInto(
    services,
    {
      id: idForName(name, new Set([...known, ...removed].map(({ id }) => id))),
      name,
      folder,
      manifest,
      layout: chosen.layout,
      layoutNote: chosen.note,
      splitNote: chosen.splitNote,
      splitScheme: corpusScheme,
      scannedMs: Date.now(),
    },
    null,
    context,
  );
  await tell(services, dataset);
  return dataset;
}

/**
 * Reads the folder of a dataset again: what is new or changed is opened, what is gone is dropped and counted. When the
 * folder is not there, or nothing usable is left in it (a disk that is not mounted), the dataset stays as it was.
 *
 * @throws ResynthError as `addDataset`, dataset/unknown.
 */
export async function rescanDataset(
  services: Services,
  which: string,
  context: ScanContext,
): Promise<{ dataset: StoredDataset; changes: ScanChanges }> {
  const before = await services.database.readDataset(which);
  await realFolder(before.folder);
  const scanned = await scanInto(services, { ...factsOf(before), scannedMs: Date.now() }, before.id, context);
  await tell(services, scanned.dataset);
  return scanned;
}

/**
 * Says where the folder of a dataset is now, and compares: recordings of the same size and time are not opened.
 *
 * @throws ResynthError as `rescanDataset`; dataset/relink-other where none of the recordings is there.
 */
export async function relinkDataset(
  services: Services,
  which: string,
  dir: string,
  context: ScanContext,
): Promise<{ dataset: StoredDataset; changes: ScanChanges }> {
  const before = await services.database.readDataset(which);
  const asked = path.resolve(expandHome(dir));
  const isList = before.manifest !== null && isListName(asked);
  const folder = isList ? path.dirname(asked) : asked;
  await realFolder(folder);
  const manifest = isList ? path.basename(asked) : before.manifest;
  const facts = { ...factsOf(before), folder, manifest, scannedMs: Date.now() };
  const scanned = await scanInto(services, facts, before.id, context, (basis) => {
    // Another folder by mistake would replace every recording by strangers.
    if (basis.fresh.includes(0)) return;
    const { name, recordings } = before;
    throw new ResynthError('dataset/relink-other', { folder, name, recordings });
  });
  await tell(services, scanned.dataset);
  return scanned;
}

/** @throws ResynthError dataset/unknown, dataset/name-invalid, dataset/name-taken. */
export async function renameDataset(services: Services, which: string, name: string): Promise<StoredDataset> {
  const dataset = await services.database.renameDataset(which, checkName(name));
  await tell(services, dataset);
  return dataset;
}

/**
 * Forgets a dataset; it can be restored for a while, and the recordings on disk are never touched.
 *
 * @throws ResynthError dataset/unknown.
 */
export async function removeDataset(services: Services, which: string): Promise<StoredDataset> {
  const dataset = await services.database.removeDataset(which, Date.now());
  services.hub.publish(datasetRemoved, { id: dataset.id, name: dataset.name });
  return dataset;
}

/** @throws ResynthError dataset/unknown, dataset/name-taken where another one has its name by now. */
export async function restoreDataset(services: Services, which: string): Promise<StoredDataset> {
  const dataset = await services.database.restoreDataset(which);
  await tell(services, dataset);
  return dataset;
}

/** Publishes a dataset as it is now, and gives back what was published. */
export async function tell({ hub }: Pick<Services, 'hub'>, dataset: StoredDataset): Promise<DatasetSummary> {
  const summary = await summaryOf(dataset);
  hub.publish(datasetChanged, { dataset: summary });
  return summary;
}

/** What a dataset says about itself, for reading its folder again. */
function factsOf(dataset: StoredDataset) {
  const { id, name, folder, manifest, layout, layoutNote, splitScheme } = dataset;
  const splitNote = splitScheme.rule === 'corpus' ? corpusById(layout).splitNote : dataset.splitNote;
  return { id, name, folder, manifest, layout, layoutNote, splitNote, splitScheme };
}

async function refuseDuplicates(
  known: readonly StoredDataset[],
  wanted: { name: string; named: boolean; folder: string; manifest: string | null; real: string },
): Promise<void> {
  for (const dataset of known) {
    const sameFolder = dataset.folder === wanted.folder || (await realOrNull(dataset.folder)) === wanted.real;
    if (
      sameFolder &&
      dataset.manifest === wanted.manifest &&
      (!wanted.named || dataset.name === wanted.name)
    ) {
      throw new ResynthError('dataset/already-added', { folder: placeOf(wanted), name: dataset.name });
    }
  }
  const taken = known.find(({ name, id }) => name === wanted.name || id === wanted.name);
  if (taken) throw new ResynthError('dataset/name-taken', { name: wanted.name, folder: taken.folder });
}

function realOrNull(folder: string): Promise<string | null> {
  return realpath(folder).catch(() => null);
}
