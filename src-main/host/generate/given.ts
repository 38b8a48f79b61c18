import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { readFileFacts } from '../../analyst/source-file.ts';
import { recordingPath } from '../../corpora/recording.ts';
import type { KnownRecording } from '../../inference/latent/protocol.ts';
import { expandHome } from '../folders/paths.ts';
import { knownRecording } from '../latent/known-recordings.ts';
import type { Run } from '../runs/runs.ts';
import type { Services } from '../services.ts';

/** A recording that a model is to be given, and how a recipe names it. */
export interface Given {
  recording: KnownRecording;
  /** Id of its dataset; null for a file. */
  dataset: string | null;
  /** What it is called in that dataset, or where the file lies. */
  name: string;
}

/**
 * Looks a recording up: in the dataset that is named, in that of the run, else as a file.
 *
 * @throws ResynthError latent/given-unknown; dataset/unknown of one that is named; what reading a file throws.
 */
export async function givenRecording(
  services: Services,
  run: Run,
  wanted: { recording: string; dataset?: string | undefined },
): Promise<Given> {
  const { recording: name } = wanted;
  const own = run.record.dataset;
  if (wanted.dataset !== undefined && wanted.dataset !== own.id && wanted.dataset !== own.name) {
    const { id, folder } = await services.database.readDataset(wanted.dataset);
    const recording = await services.database.readRecording(id, name);
    if (!recording) throw unknown(name, wanted.dataset);
    const { contentHash, startSec, endSec } = recording;
    const file = recordingPath(folder, recording);
    return { recording: { id: name, path: file, contentHash, startSec, endSec }, dataset: id, name };
  }
  if (own.id !== '') {
    try {
      return { recording: await knownRecording(services, run, name), dataset: own.id, name };
    } catch (thrown) {
      const notThere = thrown instanceof ResynthError && thrown.code === 'latent/recording-unknown';
      if (!notThere) throw thrown;
    }
  }
  const file = path.resolve(expandHome(name));
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw unknown(name, own.name === '' ? 'any dataset' : own.name);
  const { contentHash } = readFileFacts(file, file);
  const recording = { id: path.basename(file), path: file, contentHash, startSec: null, endSec: null };
  return { recording, dataset: null, name: file };
}

function unknown(recording: string, dataset: string): ResynthError {
  return new ResynthError('latent/given-unknown', { recording, dataset });
}
