import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { type Recording, recordingPath } from '../../corpora/recording.ts';
import type { CodedDataset, KnownRecording } from '../../inference/latent/protocol.ts';
import { readManifest } from '../../store/manifest.ts';
import type { Run } from '../runs/runs.ts';
import type { Services } from '../services.ts';

/** The recordings of a run, by id: those of its manifest, as they were when it began. */
export type RecordingsOfRun = ReadonlyMap<string, Recording>;

/** Manifests kept in memory: a page that walks over a map asks again and again for the same. */
const manifestsKept = 2;
const kept = new Map<string, Promise<RecordingsOfRun>>();

/** @throws ResynthError store/manifest-missing, store/manifest-damaged. */
export function recordingsOf({ home }: Pick<Services, 'home'>, run: Run): Promise<RecordingsOfRun> {
  const { splitHash } = run.record.dataset;
  const key = `${home.root}\u0000${splitHash}`;
  const known = kept.get(key);
  if (known) return known;
  const reading = readManifest(home, splitHash).then((list) => new Map(list.map((one) => [one.id, one])));
  kept.set(key, reading);
  for (const oldest of kept.keys()) if (kept.size > manifestsKept) kept.delete(oldest);
  // What could not be read is read again the next time.
  reading.catch(() => kept.delete(key));
  return reading;
}

/** The folder of a run's dataset: where it is now; as it was where the dataset was removed meanwhile. */
export async function datasetFolder({ database }: Pick<Services, 'database'>, run: Run): Promise<string> {
  const dataset = await database.findDataset(run.record.dataset.id);
  return dataset?.folder ?? run.record.dataset.folder;
}

/** The dataset of a run as the inference process is told of it. */
export async function codedDataset(services: Services, run: Run): Promise<CodedDataset> {
  const { name, splitHash } = run.record.dataset;
  return {
    home: services.home.root,
    dataset: { name, folder: await datasetFolder(services, run), splitHash },
  };
}

/** A recording of a run's dataset by its id. Throws latent/recording-unknown. */
export async function knownRecording(services: Services, run: Run, id: string): Promise<KnownRecording> {
  const recording = (await recordingsOf(services, run)).get(id);
  if (!recording) {
    const { name } = run.record.dataset;
    throw new ResynthError('latent/recording-unknown', { recording: id, split: 'recordings', dataset: name });
  }
  const { contentHash, startSec, endSec } = recording;
  const folder = await datasetFolder(services, run);
  return { id, path: recordingPath(folder, recording), contentHash, startSec, endSec };
}
