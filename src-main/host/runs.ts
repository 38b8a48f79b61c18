import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Dataset } from '../corpora/recording.ts';
import type { ResolvedConfig } from '../models/config.ts';
import { createFolderAtomic } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import { isTemporaryName } from '../files/temporaries.ts';
import type { Home } from '../store/home.ts';
import { acquireRunLock, lockHolder } from '../trainer/lock.ts';
import { readRunRecord, runFiles, type RunRecord, writeRunRecord } from '../trainer/run-record.ts';
import { initialStatus, readRunStatus, type RunStatus, writeRunStatus } from '../trainer/run-status.ts';

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
  for (const id of runIds(home)) {
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
 * The run that a name, an id or the beginning of an id means, in this order.
 *
 * @throws ResynthError runs/not-found; runs/ambiguous naming the candidates; runs/record-damaged.
 */
export function resolveRun(home: Home, nameOrId: string): Run {
  // Every id begins with nothing.
  if (nameOrId === '') throw new ResynthError('runs/not-found', { name: nameOrId });
  if (runIds(home).includes(nameOrId)) return openRun(home, nameOrId);
  const { runs } = listRuns(home);
  const named = runs.filter(({ record }) => record.name === nameOrId);
  const matches = named.length > 0 ? named : runs.filter(({ record }) => record.id.startsWith(nameOrId));
  const [first] = matches;
  if (first && matches.length === 1) return first;
  if (!first) throw new ResynthError('runs/not-found', { name: nameOrId });
  const shown = matches.slice(0, 5).map(({ record }) => `${record.id} (${record.name})`);
  const more = matches.length > shown.length ? ` and ${matches.length - shown.length} more` : '';
  const candidates = `${shown.join(', ')}${more}`;
  throw new ResynthError('runs/ambiguous', { name: nameOrId, candidates });
}

/** Makes a run folder, whole or not at all; its state is 'queued'. */
export async function createRun(home: Home, request: NewRun): Promise<Run> {
  const taken = listRuns(home).runs.map(({ record }) => record);
  const name = request.name ?? freeName(request.nameFrom, new Set(taken.map((record) => record.name)));
  checkName(name);
  const holder = taken.find((record) => record.name === name || record.id === name);
  if (holder) throw new ResynthError('runs/name-taken', { name, id: holder.id });
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
  if (!created) return createRun(home, request);
  return openRun(home, record.id);
}

/** What a name or id means to `deleteRun`: by its whole id, a run too whose record cannot be read. */
export function resolveDoomed(home: Home, nameOrId: string): { folder: string; id: string; name: string } {
  try {
    const { folder, record } = resolveRun(home, nameOrId);
    return { folder, id: record.id, name: record.name };
  } catch (thrown) {
    if (asResynthError(thrown).code !== 'runs/record-damaged') throw thrown;
    return { folder: path.join(home.runs, nameOrId), id: nameOrId, name: nameOrId };
  }
}

/** Deletes a run that nobody trains: moved out of the way at once, then removed. Gives the bytes that it held. */
export async function deleteRun(
  home: Home,
  { folder, record }: Pick<Run, 'folder'> & { record: { id: string } },
): Promise<number> {
  const holder = lockHolder(folder);
  if (holder) throw new ResynthError('runs/live', { run: record.id, pid: holder.pid, action: 'deleted' });
  // Held while it is moved, so that no trainer starts in it meanwhile.
  acquireRunLock(folder);
  const trash = path.join(home.root, 'trash');
  mkdirSync(trash, { recursive: true });
  const doomed = path.join(trash, `${record.id}-${randomBytes(4).toString('hex')}`);
  renameSync(folder, doomed);
  const bytes = folderBytes(doomed);
  await rm(doomed, { recursive: true, force: true });
  return bytes;
}

function runIds(home: Home): string[] {
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

function freeName(from: string, taken: ReadonlySet<string>): string {
  if (!taken.has(from)) return from;
  let number = 2;
  while (taken.has(`${from}-${number}`)) number++;
  return `${from}-${number}`;
}

function checkName(name: string): void {
  const refuse = (reason: string): never => {
    throw new ResynthError('runs/name-invalid', { name, reason });
  };
  if (name.trim() === '') refuse('it is empty');
  if (name !== name.trim()) refuse('it begins or ends with a space');
  if ([...name].length > 120) refuse('it is longer than 120 characters');
  // Control characters would break lists and terminals.
  if (/\p{Cc}/u.test(name)) refuse('it has a line break or another control character');
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((total, name) => {
    const stat = statSync(path.join(folder, name));
    return total + (stat.isFile() ? stat.size : 0);
  }, 0);
}

/** Files of a run, for those that show or copy them. */
export function filesOf(run: Run): ReturnType<typeof runFiles> {
  return runFiles(run.folder);
}
