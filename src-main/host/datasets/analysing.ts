import path from 'node:path';
import type { z } from 'zod';
import type {
  datasetsAnalyse,
  datasetsExclude,
  datasetsInclude,
} from '../../../src-preload/contract/commands/datasets-analysis.ts';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { realFolder } from '../../corpora/walk.ts';
import type { UnanalysedRecording } from '../../store/database/analysis.ts';
import type { ExclusionOutcome } from '../../store/database/exclusions.ts';
import { forEachBounded } from '../../processes/bounded.ts';
import type { HostHandler, Services } from '../services.ts';
import { tell } from './datasets.ts';

/** The commands that analyse a dataset and leave recordings out: what is measured is kept by content, and measured once. */

const recordingsATime = 2000;
/** Recordings a task: a message costs as much as a short one does; and so many bytes, so that others get their turn. */
const filesATask = 32;
const bytesATask = 4 << 20;

export const handleDatasetsAnalyse: HostHandler<typeof datasetsAnalyse> = async (input, context) => {
  const { dataset, limit, ...rule } = input;
  const found = await context.services.database.readDataset(dataset);
  await measureSpectra(context.services, found.id, context);
  return context.services.database.analyseRecordings(found.id, rule, limit);
};

export const handleDatasetsExclude: HostHandler<typeof datasetsExclude> = async (input, context) => {
  const { services } = context;
  const { dataset, recordings, outliers, reason, fence, within, measures } = input;
  const found = await services.database.readDataset(dataset);
  if (recordings.length === 0 && !outliers)
    throw new ResynthError('dataset/nothing-chosen', { name: found.name });
  const ids = [...recordings];
  if (outliers) {
    if (measures.includes('prominentHz')) await measureSpectra(services, found.id, context);
    ids.push(...(await services.database.listOutliers(found.id, { fence, within, measures })));
  }
  const words =
    reason ??
    (outliers ? `stands out (${measures.join(', ')}; fence ${fence}, within ${within})` : 'by hand');
  return outcomeOf(services, await services.database.excludeRecordings(found.id, ids, words));
};

export const handleDatasetsInclude: HostHandler<typeof datasetsInclude> = async (
  { dataset, recordings, all },
  { services },
) => {
  const found = await services.database.readDataset(dataset);
  if (recordings.length === 0 && !all) throw new ResynthError('dataset/nothing-chosen', { name: found.name });
  return outcomeOf(
    services,
    await services.database.excludeRecordings(found.id, all ? null : recordings, null),
  );
};

async function outcomeOf(
  services: Services,
  { dataset, changed, unknown }: ExclusionOutcome,
): Promise<z.output<typeof datasetsExclude.output>> {
  const [recording] = unknown;
  if (changed.length > 0) await tell(services, dataset);
  if (recording !== undefined) {
    throw new ResynthError('dataset/recording-unknown', { name: dataset.name, recording });
  }
  const { id, excluded, splits, splitHash } = dataset;
  return { dataset: id, changed: changed.length, ids: changed, excluded, splits, splitHash };
}

/** Measures the spectra that are not known yet. @throws ResynthError dataset/folder-missing, internal/cancelled. */
async function measureSpectra(
  { database, analysts }: Pick<Services, 'database' | 'analysts'>,
  which: string,
  { progress, signal }: { progress(event: ProgressEvent): void; signal: AbortSignal },
): Promise<void> {
  const { folder, recordings } = await database.readDataset(which);
  let done = 0;
  for (let last: string | null = null; ;) {
    const missing: UnanalysedRecording[] = await database.unanalysedRecordings(which, last, recordingsATime);
    if (missing.length === 0) return;
    if (done === 0) await realFolder(path.resolve(folder));
    await forEachBounded(inTasks(missing), analysts.appetite, async (files) => {
      if (signal.aborted) throw new ResynthError('internal/cancelled');
      const { frequenciesHz } = await analysts.run({ kind: 'prominence', folder, files });
      const measured = files.map((file, at) => ({ ...file, frequencyHz: frequenciesHz[at] ?? null }));
      await database.putProminentFrequencies(measured);
      done += files.length;
      progress({ stage: 'Measuring spectra', done, total: recordings, unit: 'files' });
    });
    last = missing.at(-1)?.id ?? null;
  }
}

function* inTasks(recordings: readonly UnanalysedRecording[]): Generator<UnanalysedRecording[]> {
  let task: UnanalysedRecording[] = [];
  let bytes = 0;
  for (const recording of recordings) {
    if (task.length > 0 && (task.length === filesATask || bytes + recording.bytes > bytesATask)) {
      yield task;
      task = [];
      bytes = 0;
    }
    task.push(recording);
    bytes += recording.bytes;
  }
  if (task.length > 0) yield task;
}
