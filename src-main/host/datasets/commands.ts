import type { z } from 'zod';
import type {
  datasetsAdd,
  datasetsDetect,
  datasetsList,
  datasetsRelink,
  datasetsRemove,
  datasetsRename,
  datasetsRescan,
  datasetsRestore,
  datasetsShow,
  datasetsSkipped,
  datasetsSplit,
} from '../../../src-preload/contract/commands/datasets.ts';
import type { StoredDataset } from '../../store/database/types.ts';
import type { HostHandler, Services } from '../services.ts';
import {
  addDataset,
  relinkDataset,
  removeDataset,
  renameDataset,
  rescanDataset,
  restoreDataset,
} from './datasets.ts';
import { detectDataset } from './detecting.ts';
import { splitDataset } from './splitting.ts';
import { summaryOf, warningsFor } from './summary.ts';

/** The `datasets` commands: the service's answers as the contract words them. */

/** Skipped files listed by `add` and `rescan`; `show --limit` and `skipped` list more. */
const shownByDefault = 100;

export const handleDatasetsAdd: HostHandler<typeof datasetsAdd> = async (input, context) =>
  describe(context.services, await addDataset(context.services, input, context), shownByDefault);

export const handleDatasetsList: HostHandler<typeof datasetsList> = async (_input, { services }) => {
  const datasets = await services.database.listDatasets();
  return {
    datasets: await Promise.all(
      datasets.map(async (dataset) => {
        const { id, name, layout, recordings, durationSec, reachable, folder } = await summaryOf(dataset);
        return { id, name, layout, recordings, durationSec, reachable, folder };
      }),
    ),
    // Of a database that is damaged the host tells in its notices: it is restored as a whole.
    damaged: [],
  };
};

export const handleDatasetsShow: HostHandler<typeof datasetsShow> = async (
  { dataset, limit },
  { services },
) => describe(services, await services.database.readDataset(dataset), limit);

export const handleDatasetsRescan: HostHandler<typeof datasetsRescan> = async (input, context) => {
  const { dataset, changes } = await rescanDataset(context.services, input.dataset, context);
  return { ...(await describe(context.services, dataset, shownByDefault)), changes };
};

export const handleDatasetsRelink: HostHandler<typeof datasetsRelink> = async (input, context) => {
  const { dataset, changes } = await relinkDataset(context.services, input.dataset, input.dir, context);
  const summary = await summaryOf(dataset);
  return { ...summary, warnings: warningsFor(summary), changes };
};

export const handleDatasetsRemove: HostHandler<typeof datasetsRemove> = async ({ dataset }, { services }) => {
  const { name, folder } = await removeDataset(services, dataset);
  return { removed: name, folder };
};

export const handleDatasetsRestore: HostHandler<typeof datasetsRestore> = async ({ dataset }, { services }) =>
  summaryOf(await restoreDataset(services, dataset));

export const handleDatasetsRename: HostHandler<typeof datasetsRename> = async (
  { dataset, name },
  { services },
) => summaryOf(await renameDataset(services, dataset, name));

export const handleDatasetsSplit: HostHandler<typeof datasetsSplit> = (input, { services }) =>
  splitDataset(services, input);

export const handleDatasetsDetect: HostHandler<typeof datasetsDetect> = (input, { services, signal }) =>
  detectDataset(services, input, signal);

export const handleDatasetsSkipped: HostHandler<typeof datasetsSkipped> = (
  { dataset, offset, limit },
  { services },
) => services.database.listSkipped(dataset, offset, limit);

async function describe(
  { database }: Pick<Services, 'database'>,
  dataset: StoredDataset,
  limit: number,
): Promise<z.output<typeof datasetsShow.output>> {
  const summary = await summaryOf(dataset);
  const { rows } = await database.listSkipped(dataset.id, 0, limit);
  return { ...summary, warnings: warningsFor(summary), skipped: rows };
}
