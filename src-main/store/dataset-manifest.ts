import type { Recording } from '../corpora/recording.ts';
import type { Database } from './database/client.ts';
import type { StoredDataset } from './database/types.ts';
import type { Home } from './home.ts';
import { hasManifest, writeManifest } from './manifest.ts';

const recordingsAtOnce = 5000;

/**
 * Sees to it that the recordings of a dataset, as they are now, are there as a manifest for a trainer to read. Gives back
 * the dataset, whose split hash names it.
 *
 * @throws ResynthError dataset/unknown; store/manifest-damaged when the dataset was changed meanwhile; files/disk-full,
 *   files/not-writable.
 */
export async function ensureManifest(
  home: Pick<Home, 'manifests'>,
  database: Pick<Database, 'readDataset' | 'recordingsAfter'>,
  which: string,
): Promise<StoredDataset> {
  const dataset = await database.readDataset(which);
  if (!(await hasManifest(home, dataset.splitHash))) {
    await writeManifest(home, dataset.splitHash, everyRecordingOf(database, dataset.id));
  }
  return dataset;
}

/** The recordings of a dataset, some thousands at a time. @throws ResynthError dataset/unknown. */
export async function* everyRecordingOf(
  database: Pick<Database, 'recordingsAfter'>,
  dataset: string,
): AsyncGenerator<Recording[]> {
  let after: string | null = null;
  for (;;) {
    const batch: Recording[] = await database.recordingsAfter(dataset, after, recordingsAtOnce);
    const last = batch.at(-1);
    if (!last) return;
    yield batch;
    after = last.id;
  }
}
