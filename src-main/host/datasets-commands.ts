import { access } from 'node:fs/promises';
import type { z } from 'zod';
import type { Handler } from '../../src-preload/contract/command.ts';
import type {
  datasetsAdd,
  datasetsList,
  datasetsRemove,
  datasetsRescan,
  datasetsShow,
  datasetSummarySchema,
} from '../../src-preload/contract/commands/datasets.ts';
import type { Dataset } from '../corpora/recording.ts';
import { openHome } from '../store/home.ts';
import {
  addDataset,
  listDatasets,
  removeDataset,
  rescanDataset,
  type ShownDataset,
  showDataset,
} from './datasets.ts';

/** The `datasets` commands: the service's answers as the contract words them. */

/** Skipped files listed by `add` and `rescan`; `show --limit` lists more. */
const shownByDefault = 100;

export const handleDatasetsAdd: Handler<typeof datasetsAdd> = async (input, { homeDir, progress, signal }) =>
  describe(await addDataset(openHome(homeDir), input, progress, signal), shownByDefault);

export const handleDatasetsList: Handler<typeof datasetsList> = async (_input, { homeDir }) => {
  const { datasets, damaged } = await listDatasets(openHome(homeDir));
  return {
    datasets: await Promise.all(
      datasets.map(async (dataset) => {
        const { id, name, layout, recordings, durationSec, reachable, folder } = await summary(dataset);
        return { id, name, layout, recordings, durationSec, reachable, folder };
      }),
    ),
    damaged: damaged.map(({ id, error }) => ({ id, message: error.message, remedy: error.remedy })),
  };
};

export const handleDatasetsShow: Handler<typeof datasetsShow> = async ({ dataset, limit }, { homeDir }) =>
  describe(await showDataset(openHome(homeDir), dataset), limit);

export const handleDatasetsRescan: Handler<typeof datasetsRescan> = async (
  input,
  { homeDir, progress, signal },
) => {
  const rescanned = await rescanDataset(openHome(homeDir), input.dataset, progress, signal);
  return { ...(await describe(rescanned, shownByDefault)), changes: rescanned.changes };
};

export const handleDatasetsRemove: Handler<typeof datasetsRemove> = ({ dataset }, { homeDir }) =>
  removeDataset(openHome(homeDir), dataset);

type Summary = z.output<typeof datasetSummarySchema>;

async function describe(shown: ShownDataset, limit: number): Promise<z.output<typeof datasetsShow.output>> {
  const base = await summary(shown.dataset);
  return { ...base, warnings: warningsFor(base), skipped: shown.skipped.slice(0, limit) };
}

async function summary(dataset: Dataset): Promise<Summary> {
  const { skipped, silent, ...rest } = dataset;
  const reachable = await access(dataset.folder).then(
    () => true,
    () => false,
  );
  return {
    ...rest,
    reachable,
    skippedFiles: skipped,
    silentRecordings: silent,
    hours: dataset.durationSec / 3600,
  };
}

function warningsFor({ folder, reachable, skippedFiles, silentRecordings, splits }: Summary): string[] {
  const warnings: string[] = [];
  if (!reachable)
    warnings.push(`The folder ${folder} is not reachable now: connect its disk before training.`);
  if (skippedFiles > 0) {
    warnings.push(`Entries that were skipped: ${skippedFiles}. They are listed with the reason of each.`);
  }
  if (silentRecordings > 0) {
    warnings.push(
      `Recordings that hold nothing but zeros: ${silentRecordings}. They are left out of the features.`,
    );
  }
  const empty = Object.entries(splits).flatMap(([split, count]) => (count === 0 ? [split] : []));
  if (empty.length > 0) {
    warnings.push(`No recording falls into: ${empty.join(', ')}. Training needs train and validation.`);
  }
  return warnings;
}
