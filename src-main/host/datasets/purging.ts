import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { removeUnusedFeatures } from '../../analyst/feature-usage.ts';
import { errorCode } from '../../files/system-errors.ts';
import type { Services } from '../services.ts';

type Needed = Pick<Services, 'database' | 'home'>;

/** What of a run's record is of interest here. */
const runDataset = z.looseObject({ dataset: z.looseObject({ id: z.string(), splitHash: z.string() }) });

/** Younger lists may belong to a run that is being made at this moment. */
const youngMs = 24 * 3600 * 1000;

/**
 * Forgets for good the datasets that were removed before a time, and with them what nothing needs any more: feature caches
 * of datasets that are gone, and lists of recordings that no run was trained on. All of it could be made again.
 */
export async function purgeDatasets({ database, home }: Needed, beforeMs: number): Promise<void> {
  await database.purgeDatasets(beforeMs);
  const datasets = [...(await database.listDatasets()), ...(await database.listRemovedDatasets())];
  const there = new Set(datasets.map(({ id }) => id));
  const current = datasets.map(({ splitHash }) => splitHash);
  const runs = await datasetsOfRuns([home.runs, home.trash]);
  // A run whose record cannot be read may need anything.
  if (runs === null) return;
  const live = runs.filter(({ id }) => there.has(id)).map(({ splitHash }) => splitHash);
  await removeUnusedFeatures(home.features, new Set([...current, ...live]));
  await removeUnusedManifests(
    home.manifests,
    new Set([...current, ...runs.map(({ splitHash }) => splitHash)]),
  );
}

/** What the runs in some folders were trained on; null where one cannot be read. */
async function datasetsOfRuns(
  folders: readonly string[],
): Promise<{ id: string; splitHash: string }[] | null> {
  const found: { id: string; splitHash: string }[] = [];
  for (const folder of folders) {
    for (const name of await namesIn(folder)) {
      try {
        const text = await readFile(path.join(folder, name, 'run.json'), 'utf8');
        found.push(runDataset.parse(JSON.parse(text)).dataset);
      } catch (thrown) {
        const code = errorCode(thrown);
        // Something else than a run.
        if (code !== 'ENOENT' && code !== 'ENOTDIR') return null;
      }
    }
  }
  return found;
}

async function removeUnusedManifests(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const name of await namesIn(folder)) {
    const splitHash = /^([0-9a-f]{64})\.jsonl$/.exec(name)?.[1];
    if (splitHash === undefined || wanted.has(splitHash)) continue;
    const file = path.join(folder, name);
    if (Date.now() - (await stat(file)).mtimeMs > youngMs) await rm(file, { force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((thrown: unknown) => {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  });
}
