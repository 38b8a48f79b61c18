import { access } from 'node:fs/promises';
import type { z } from 'zod';
import type { datasetSummarySchema } from '../../../src-preload/contract/commands/datasets.ts';
import type { StoredDataset } from '../../store/database/types.ts';

export type DatasetSummary = z.output<typeof datasetSummarySchema>;

/** A disk that sleeps, or a share whose server is gone, may take minutes to say that it is not there. */
const patienceMs = 1000;

/** A dataset as the contract shows it. */
export async function summaryOf(dataset: StoredDataset): Promise<DatasetSummary> {
  const { skipped, silent, excluded, warned, removedMs: _removed, splitScheme: _scheme, ...rest } = dataset;
  return {
    ...rest,
    reachable: await isReachable(dataset.folder),
    skippedFiles: skipped,
    silentRecordings: silent,
    excludedRecordings: excluded,
    warnedRecordings: warned,
    hours: dataset.durationSec / 3600,
  };
}

/** What should be known about a dataset, in sentences. */
export function warningsFor(summary: DatasetSummary): string[] {
  const { folder, reachable, skippedFiles, silentRecordings, warnedRecordings, splits } = summary;
  const warnings: string[] = [];
  if (!reachable) {
    warnings.push(`The folder ${folder} is not reachable now: connect its disk before training.`);
  }
  if (skippedFiles > 0) {
    warnings.push(`Entries that were skipped: ${skippedFiles}. They are listed with the reason of each.`);
  }
  if (silentRecordings > 0) {
    warnings.push(
      `Recordings that hold nothing but zeros: ${silentRecordings}. They are left out of the features.`,
    );
  }
  if (warnedRecordings > 0) {
    warnings.push(
      `Recordings with something wrong in their files that can be used all the same: ${warnedRecordings}. ` +
        'The table of recordings says what, for those with a warning.',
    );
  }
  warnings.push(...emptySplitWarnings(splits));
  return warnings;
}

/** Says which splits have nothing in them. */
export function emptySplitWarnings(splits: DatasetSummary['splits']): string[] {
  const empty = Object.entries(splits).flatMap(([split, count]) => (count === 0 ? [split] : []));
  if (empty.length === 0) return [];
  return [`No recording falls into: ${empty.join(', ')}. Training needs train and validation.`];
}

async function isReachable(folder: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  const there = access(folder).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([there, late]);
  } finally {
    clearTimeout(timer);
  }
}
