import { createHash, randomUUID } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  type ExternalSystem,
  externalSystemSchema,
  type systemsAdd,
  type systemsList,
  type systemsRemove,
  type systemsShow,
} from '../../../src-preload/contract/commands/systems.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { systemChanged, systemRemoved } from '../../../src-preload/contract/events/evaluations.ts';
import type { StoredSystem } from '../../store/database/evaluations.ts';
import { allRecordings } from '../datasets/manifest.ts';
import { isAudioName } from '../metrics.ts';
import type { HostHandler, Services } from '../services.ts';
import { matchFiles, type Matching } from './matching.ts';

/** Names of a list that are told. */
const listed = 200;

const countsSchema = externalSystemSchema.pick({
  matched: true,
  missing: true,
  unmatched: true,
  ambiguous: true,
});
type Counts = z.output<typeof countsSchema>;

export const handleSystemsAdd: HostHandler<typeof systemsAdd> = async (input, { services }) => {
  const { database, hub } = services;
  const folder = path.resolve(input.folder);
  const dataset = await database.readDataset(input.dataset);
  const { matching, files } = await match(folder, dataset.id, services);
  if (matching.files.size === 0) {
    throw new ResynthError('systems/nothing-matched', { folder, files, dataset: dataset.name });
  }
  const system: StoredSystem = {
    id: randomUUID(),
    name: input.name,
    folder,
    dataset: dataset.id,
    createdMs: Date.now(),
    matching: countsOf(matching),
  };
  await database.addSystem(system);
  const shown = await shownSystem(system, services);
  hub.publish(systemChanged, { system: shown });
  return { ...shown, ...listsOf(matching) };
};

export const handleSystemsList: HostHandler<typeof systemsList> = async (_input, { services }) => {
  const systems: ExternalSystem[] = [];
  for (const system of await services.database.listSystems()) {
    systems.push(await shownSystem(system, services));
  }
  return { systems };
};

export const handleSystemsShow: HostHandler<typeof systemsShow> = async (input, { services }) => {
  const system = await findSystem(input.system, services);
  const { matching } = await match(system.folder, system.dataset, services);
  await services.database.setSystemMatching(system.id, countsOf(matching));
  const shown = await shownSystem({ ...system, matching: countsOf(matching) }, services);
  return { ...shown, ...listsOf(matching) };
};

export const handleSystemsRemove: HostHandler<typeof systemsRemove> = async (input, { services }) => {
  const system = await findSystem(input.system, services);
  await services.database.removeSystem(system.id);
  services.hub.publish(systemRemoved, { system: system.id });
  return { removed: system.name, folder: system.folder };
};

/** By name, by id or by the beginning of an id. @throws ResynthError systems/not-found, systems/ambiguous. */
export async function findSystem(
  which: string,
  { database }: Pick<Services, 'database'>,
): Promise<StoredSystem> {
  const all = await database.listSystems();
  const named = all.filter(({ name, id }) => name === which || id === which);
  const found = named.length > 0 ? named : all.filter(({ id }) => which !== '' && id.startsWith(which));
  const [system] = found;
  if (!system) throw new ResynthError('systems/not-found', { system: which });
  if (found.length > 1) {
    const candidates = found.map(({ id, name }) => `${name} (${id.slice(0, 8)})`).join(', ');
    throw new ResynthError('systems/ambiguous', { system: which, candidates });
  }
  return system;
}

/** The files of a system by recording as they are now, with a hash of which they are. */
export async function systemMatches(
  { folder, dataset }: StoredSystem,
  services: Pick<Services, 'database'>,
): Promise<{ files: Map<string, string>; filesHash: string }> {
  const { matching } = await match(folder, dataset, services);
  const hash = createHash('sha256');
  for (const [recording, file] of [...matching.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const facts = await stat(path.join(folder, file)).catch(() => null);
    hash.update(JSON.stringify([recording, file, facts?.size ?? null, facts?.mtimeMs ?? null]));
  }
  return { files: matching.files, filesHash: hash.digest('hex') };
}

async function match(
  folder: string,
  dataset: string,
  services: Pick<Services, 'database'>,
): Promise<{ matching: Matching; files: number }> {
  const files = await audioFiles(folder);
  const recordings = (await allRecordings(services, dataset)).map(({ id }) => id);
  return { matching: matchFiles(files, recordings), files: files.length };
}

async function audioFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && isAudioName(entry.name))
      .map((entry) =>
        path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
      );
  } catch (thrown) {
    throw new ResynthError('systems/not-a-folder', { folder }, { cause: thrown });
  }
}

async function shownSystem(
  { id, name, folder, dataset, createdMs, matching }: StoredSystem,
  { database }: Pick<Services, 'database'>,
): Promise<ExternalSystem> {
  const datasetName = (await database.findDataset(dataset))?.name ?? dataset;
  return { system: id, name, folder, dataset, datasetName, createdMs, ...countsSchema.parse(matching) };
}

function countsOf({ files, missing, unmatched, ambiguous }: Matching): Counts {
  return {
    matched: files.size,
    missing: missing.length,
    unmatched: unmatched.length,
    ambiguous: ambiguous.length,
  };
}

function listsOf({ matchedBy, unmatched, ambiguous, missing }: Matching) {
  return {
    matchedBy,
    unmatchedFiles: unmatched.slice(0, listed),
    ambiguousFiles: ambiguous.slice(0, listed),
    missingRecordings: missing.slice(0, listed),
  };
}
