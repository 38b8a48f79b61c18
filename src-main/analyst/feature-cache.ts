import { createHash } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import {
  compareIds,
  type Dataset,
  isSegment,
  isSilent,
  type Recording,
  recordingPath,
  type Split,
} from '../corpora/recording.ts';
import { realFolder } from '../corpora/walk.ts';
import { clipSeconds, type FeaturePipelineConfig, featureShape, inputChannels } from '../dsp/pipeline.ts';
import { representationOf } from '../dsp/representation.ts';
import { replaceFile, writeFileAtomic } from '../files/atomic-file.ts';
import { removeStaleTemporaries } from '../files/temporaries.ts';
import type { Home } from '../store/home.ts';
import { forEachBounded } from '../processes/bounded.ts';
import { type FeatureIndex, featureFiles, formatIndex, openFeatureFile, rowsBytes } from './feature-file.ts';
import { markFeaturesUsed } from './feature-usage.ts';
import type { FeatureReader } from './features.ts';
import { closeRows, firstRowsOf, sum } from './feature-room.ts';
import { AnalystPool } from './pool.ts';
import type { FeatureResult, FeatureTask } from './feature-task.ts';

/** To be raised whenever `dsp/representation.ts` gives other numbers for the same samples: old caches are then not used. */
export const pipelineVersion = 1;

export interface FeatureRequest {
  dataset: Pick<Dataset, 'name' | 'folder' | 'splitHash'>;
  /** Of all splits, in any order. */
  recordings: readonly Recording[];
  split: Split;
  config: FeaturePipelineConfig;
  home: Home;
}

/**
 * The features of one split, from the cache, or made now by the analyst's processes and kept. Silent recordings are left
 * out. A cache that is damaged is made again, which the progress says. Two processes may make the same cache at once:
 * both write the same bytes, and the second rename changes nothing.
 *
 * @throws ResynthError dataset/split-empty, dataset/split-too-short; dataset/folder-missing; dataset/file-changed and dataset/file-vanished naming
 *   the recording; files/disk-full; internal/cancelled.
 */
export async function ensureFeatures(
  request: FeatureRequest,
  progress: (event: ProgressEvent) => void,
  signal: AbortSignal,
): Promise<FeatureReader> {
  const { dataset, recordings, split, config, home } = request;
  const usable = recordings
    .filter((one) => one.split === split && one.excluded === null && !isSilent(one))
    .sort(compareIds);
  if (usable.length === 0) throw new ResynthError('dataset/split-empty', { name: dataset.name, split });

  const key = featureKey(usable, config);
  const opened = openFeatureFile(home.features, key);
  if (opened.state === 'ready') {
    markFeaturesUsed(home.features, key, dataset.splitHash);
    return opened.reader;
  }
  if (opened.state === 'damaged') {
    progress({
      stage: `The ${split} features on disk are damaged and are made again`,
      detail: opened.detail,
    });
  }
  await realFolder(dataset.folder);
  await removeStaleTemporaries(home.features);
  await build(request, usable, key, progress, signal);
  const made = openFeatureFile(home.features, key);
  if (made.state !== 'ready')
    throw new Error(`The features just written to ${home.features} cannot be read back.`);
  markFeaturesUsed(home.features, key, dataset.splitHash);
  return made.reader;
}

/** What a cache holds, as its name: which recordings in which order, with which content, through which pipeline. */
export function featureKey(
  recordings: readonly (Pick<Recording, 'id' | 'contentHash'> &
    Partial<Pick<Recording, 'startSec' | 'endSec'>>)[],
  config: FeaturePipelineConfig,
): string {
  const hash = createHash('sha256');
  const settings = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify({ pipelineVersion, settings }));
  // The ids belong to it as well: rows are looked up by them, and two datasets may hold the same bytes by other names.
  for (const { id, contentHash, startSec = null, endSec = null } of recordings) {
    const stretch = isSegment({ startSec, endSec }) ? [startSec, endSec] : [];
    hash.update(JSON.stringify([id, contentHash, ...stretch]));
  }
  return hash.digest('hex');
}

async function build(
  { dataset, split, config, home }: FeatureRequest,
  recordings: readonly Recording[],
  key: string,
  progress: (event: ProgressEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const files = featureFiles(home.features, key);
  const { bins, frames } = featureShape(config);
  const channels = inputChannels(config);
  const shape: FeatureIndex['shape'] = channels === 1 ? [bins, frames] : [bins, frames, channels];
  const { mostClips } = representationOf(config);
  // Room for as many clips as each can have; what stays empty is closed up at the end.
  const room = recordings.map(({ durationSec }) => mostClips(config, durationSec));
  const firstRows = firstRowsOf(room);
  const made: FeatureResult['clips'][] = recordings.map(() => []);
  const pool = new AnalystPool();
  const cancel = () => void pool.close();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) throw new ResynthError('internal/cancelled');
    await replaceFile(files.rows, async (_handle, rowsFile) => {
      // The full length at once: the processes write their rows in whatever order they finish.
      await truncate(rowsFile, rowsBytes(sum(room), shape));
      let done = 0;
      await forEachBounded(recordings.entries(), pool.appetite, async ([place, recording]) => {
        const { id, contentHash, startSec, endSec } = recording;
        const most = room[place] ?? 0;
        const task: FeatureTask = {
          kind: 'features',
          id,
          path: recordingPath(dataset.folder, recording),
          contentHash,
          startSec,
          endSec,
          config,
          rowsFile,
          row: firstRows[place] ?? 0,
          mostClips: most,
        };
        if (most > 0) made[place] = (await pool.run(task)).clips;
        done++;
        progress({ stage: `Computing the ${split} features`, done, total: recordings.length, unit: 'clips' });
      });
      const counts = made.map((clips) => clips.length);
      if (sum(counts) === 0) throw tooShort(dataset.name, split, config);
      await closeRows(rowsFile, { firstRows, counts, rowBytes: rowsBytes(1, shape) });
    });
    const ids = recordings.flatMap(({ id }, place) => (made[place] ?? []).map(() => id));
    const left = made.filter((clips) => clips.length === 0).length;
    if (left > 0) {
      const seconds = clipSeconds(config).toFixed(2);
      const detail = `${left} of ${recordings.length} recordings are shorter than ${seconds} s without the silence at their ends, and left out`;
      progress({ stage: `Not all recordings are long enough for the ${split} features`, detail });
    }
    const clips = made.flat();
    const index = {
      key,
      pipelineVersion,
      config,
      count: ids.length,
      shape,
      ids,
      extremesDb: [...Float32Array.from(clips.flatMap(({ minDb, maxDb }) => [minDb, maxDb]))],
      spokenSec: [...Float32Array.from(clips, (clip) => clip.spokenSec)],
    };
    await writeFileAtomic(files.index, formatIndex(index));
  } finally {
    signal.removeEventListener('abort', cancel);
    await pool.close();
  }
}

function tooShort(name: string, split: Split, config: FeaturePipelineConfig): ResynthError {
  const { frames } = featureShape(config);
  const durationSec = Number(clipSeconds(config).toFixed(3));
  return new ResynthError('dataset/split-too-short', { name, split, frames, durationSec });
}
