import type { Recording } from '../../corpora/recording.ts';
import type { StoredDataset } from '../../store/database/types.ts';
import { hasManifest, writeManifest } from '../../store/manifest.ts';
import { readRunRecord, type RunRecord, writeRunRecord } from '../../trainer/run-record.ts';
import type { Services } from '../services.ts';

const recordingsABatch = 2000;

type Needed = Pick<Services, 'database' | 'home'>;

/**
 * Writes the recordings of a dataset down as they are now, for a trainer to read in the place of the database; what is
 * there already is left. Gives back the dataset that was written: its split hash is the name of the list.
 *
 * @throws ResynthError dataset/unknown; store/manifest-damaged where the dataset was changed meanwhile; files/disk-full.
 */
export async function writeDatasetManifest(services: Needed, which: string): Promise<StoredDataset> {
  const { database, home } = services;
  const dataset = await database.readDataset(which);
  if (!(await hasManifest(home, dataset.splitHash))) {
    await writeManifest(home, dataset.splitHash, batchesOf(services, dataset.id));
  }
  return dataset;
}

/**
 * Makes ready what a run trains on before it goes on: the list of its recordings, where that has been lost and the dataset
 * still is as it was then, and the folder, where the dataset's was moved. A dataset that was changed since is no matter:
 * the run has its own list.
 */
export async function prepareRunDataset(
  services: Needed,
  { folder, record }: { folder: string; record: RunRecord },
): Promise<void> {
  const dataset = await services.database.findDataset(record.dataset.id);
  if (!dataset) return;
  if (dataset.splitHash === record.dataset.splitHash) await writeDatasetManifest(services, dataset.id);
  if (dataset.folder === record.dataset.folder) return;
  const now = readRunRecord(folder);
  writeRunRecord(folder, { ...now, dataset: { ...now.dataset, folder: dataset.folder } });
}

/** All recordings of a dataset that are in a split, in order of id. */
export async function allRecordings(
  services: Pick<Services, 'database'>,
  which: string,
): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for await (const batch of batchesOf(services, which)) recordings.push(...batch);
  return recordings;
}

/** The same, a piece at a time. */
async function* batchesOf(services: Pick<Services, 'database'>, which: string): AsyncGenerator<Recording[]> {
  for await (const batch of everyBatch(services, which)) {
    yield batch.filter(({ excluded }) => excluded === null);
  }
}

/** All recordings of a dataset, those left out of the splits among them, a piece at a time in order of id. */
export async function* everyBatch(
  { database }: Pick<Services, 'database'>,
  which: string,
): AsyncGenerator<Recording[]> {
  for (let last: string | null = null; ;) {
    const batch: Recording[] = await database.recordingsAfter(which, last, recordingsABatch);
    if (batch.length > 0) yield batch;
    last = batch.at(-1)?.id ?? null;
    if (batch.length < recordingsABatch) return;
  }
}
