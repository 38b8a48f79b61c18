import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Dataset } from '../../corpora/recording.ts';
import type { ResolvedConfig } from '../../models/config.ts';
import { createFolderAtomic } from '../../files/atomic-file.ts';
import { errorCode } from '../../files/system-errors.ts';
import { isTemporaryName } from '../../files/temporaries.ts';
import type { Home } from '../../store/home.ts';
import { readRunRecord, runFiles, type RunRecord, writeRunRecord } from '../../trainer/run-record.ts';
import { initialStatus, readRunStatus, type RunStatus, writeRunStatus } from '../../trainer/run-status.ts';

/** A run as it is now. */
export interface Run {
  record: RunRecord;
  status: RunStatus;
  folder: string;
  /** The process that trains it now. */
  pid: number | null;
}

export interface RunListing {
  runs: Run[];
  /** Runs whose files cannot be read: they do not hide the others. */
  damaged: { id: string; error: ResynthError }[];
}

export interface NewRun {
  config: ResolvedConfig;
  dataset: Pick<Dataset, 'id' | 'name' | 'folder' | 'splitHash'>;
  /** Undefined makes one from `nameFrom`. */
  name: string | undefined;
  nameFrom: string;
  engine: RunRecord['engine'];
  parent: RunRecord['parent'];
  /** Puts more into the folder before it appears (a fork's first checkpoint). */
  fill?: (folder: string, record: RunRecord) => void;
}

/** Every run of a data folder, the newest first. */
export function listRuns(home: Home): RunListing {
  const listing: RunListing = { runs: [], damaged: [] };
  for (const id of listRunIds(home)) {
    try {
      listing.runs.push(openRun(home, id));
    } catch (thrown) {
      listing.damaged.push({ id, error: asResynthError(thrown) });
    }
  }
  listing.runs.sort(
    (a, b) => b.record.createdMs - a.record.createdMs || (a.record.id < b.record.id ? 1 : -1),
  );
  return listing;
}

/** The run with this id. */
export function openRun(home: Home, id: string): Run {
  const folder = path.join(home.runs, id);
  const record = readRunRecord(folder);
  const { status, holder } = readRunStatus(folder);
  return { record, status, folder, pid: holder?.pid ?? null };
}

/**
 * The run that a name, an id or the beginning of an id means, in this order, read from the folders. A host asks its index
 * instead, which does not read them all.
 *
 * @throws ResynthError runs/not-found; runs/ambiguous naming the candidates; runs/record-damaged.
 */
export function resolveRun(home: Home, nameOrId: string): Run {
  if (listRunIds(home).includes(nameOrId)) return openRun(home, nameOrId);
  const { runs } = listRuns(home);
  const candidates = runs.map(({ record }) => ({ id: record.id, name: record.name }));
  return openRun(home, pickRun(nameOrId, candidates));
}

/**
 * The id among `candidates` that a name, an id or the beginning of an id means, in this order.
 *
 * @throws ResynthError runs/not-found; runs/ambiguous.
 */
export function pickRun(
  nameOrId: string,
  candidates: readonly { id: string; name: string | null }[],
): string {
  // Every id begins with nothing.
  if (nameOrId === '') throw new ResynthError('runs/not-found', { name: nameOrId });
  const whole = candidates.filter(({ id }) => id === nameOrId);
  const named = whole.length > 0 ? whole : candidates.filter(({ name }) => name === nameOrId);
  const matches = named.length > 0 ? named : candidates.filter(({ id }) => id.startsWith(nameOrId));
  const [first] = matches;
  if (first && matches.length === 1) return first.id;
  if (!first) throw new ResynthError('runs/not-found', { name: nameOrId });
  const shown = matches.slice(0, 5).map(({ id, name }) => `${id} (${name ?? 'damaged'})`);
  const more = matches.length > shown.length ? ` and ${matches.length - shown.length} more` : '';
  throw new ResynthError('runs/ambiguous', { name: nameOrId, candidates: `${shown.join(', ')}${more}` });
}

/**
 * Makes a run folder, whole or not at all; its state is 'queued'. `taken` are the names that there are, with whose they
 * are; without it the folders are read.
 *
 * @throws ResynthError runs/name-taken, runs/name-invalid; runs/disk-full, files/not-writable.
 */
export async function createRun(
  home: Home,
  request: NewRun,
  taken: ReadonlyMap<string, string> = namesOf(home),
): Promise<Run> {
  const name = request.name ?? freeName(request.nameFrom, taken);
  checkName(name, taken);
  const { id: datasetId, name: datasetName, folder: datasetFolder, splitHash } = request.dataset;
  const createdMs = Date.now();
  const record: RunRecord = {
    schema: 1,
    id: newId(createdMs),
    name,
    createdMs,
    config: request.config as RunRecord['config'],
    dataset: { id: datasetId, name: datasetName, folder: datasetFolder, splitHash },
    engine: request.engine,
    environment: null,
    parent: request.parent,
    extensions: [],
  };
  const created = await createFolderAtomic(path.join(home.runs, record.id), async (folder) => {
    writeRunRecord(folder, record);
    writeRunStatus(folder, { ...initialStatus, epochs: request.config.training.epochs });
    request.fill?.(folder, record);
  });
  // Another process has just taken the same id: the next one is another.
  if (!created) return createRun(home, request, taken);
  return openRun(home, record.id);
}

/** Ids of all run folders, damaged ones included. */
export function listRunIds(home: Home): string[] {
  try {
    return readdirSync(home.runs, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && !isTemporaryName(entry.name) ? [entry.name] : [],
    );
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

/** Sortable by time and never twice the same: 20260131-142501-9f3c. */
function newId(createdMs: number): string {
  const time = new Date(createdMs)
    .toISOString()
    .replaceAll(/[-:]|\..*$/g, '')
    .replace('T', '-');
  return `${time}-${randomBytes(2).toString('hex')}`;
}

function namesOf(home: Home): Map<string, string> {
  return new Map(listRuns(home).runs.map(({ record }) => [record.name, record.id]));
}

/** `from`, with a number behind it where that name is taken. */
export function freeName(from: string, taken: ReadonlyMap<string, string>): string {
  if (!taken.has(from)) return from;
  let number = 2;
  while (taken.has(`${from}-${number}`)) number++;
  return `${from}-${number}`;
}

/**
 * Refuses a name that a run cannot have, or that another has: `taken` are names with whose they are.
 *
 * @throws ResynthError runs/name-invalid, runs/name-taken.
 */
export function checkName(name: string, taken: ReadonlyMap<string, string>): void {
  const refuse = (reason: string): never => {
    throw new ResynthError('runs/name-invalid', { name, reason });
  };
  if (name.trim() === '') refuse('it is empty');
  if (name !== name.trim()) refuse('it begins or ends with a space');
  if ([...name].length > 120) refuse('it is longer than 120 characters');
  // Control characters would break lists and terminals.
  if (/\p{Cc}/u.test(name)) refuse('it has a line break or another control character');
  const holder = taken.get(name) ?? [...taken.values()].find((id) => id === name);
  if (holder !== undefined) throw new ResynthError('runs/name-taken', { name, id: holder });
}

/** Files of a run, for those that show or copy them. */
export function filesOf(run: Run): ReturnType<typeof runFiles> {
  return runFiles(run.folder);
}
