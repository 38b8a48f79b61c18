import { setTimeout } from 'node:timers/promises';
import path from 'node:path';
import type { runsDelete } from '../../../src-preload/contract/commands/runs.ts';
import type {
  runsAnnotate,
  runsDiscard,
  runsRename,
  runsRestore,
} from '../../../src-preload/contract/commands/runs-live.ts';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { lockHolder } from '../../trainer/lock.ts';
import { readRunRecord, writeRunRecord } from '../../trainer/run-record.ts';
import { recordUnqueued } from './run-crash.ts';
import { readAnnotation, writeAnnotation } from './run-extras.ts';
import { checkName } from './runs.ts';
import { restoreRun, trashRun } from './runs-trash.ts';
import type { HostHandler, Services } from '../services.ts';

/** The commands that change what a run is called, what is said about it, and whether it is there. */

export const handleRunsRename: HostHandler<typeof runsRename> = async (
  { run: which, name },
  { services },
) => {
  const { trainers } = services;
  const { record, folder } = await trainers.resolve(which);
  await trainers.withNames(record.id, async (taken) => {
    checkName(name, taken);
    writeRunRecord(folder, { ...readRunRecord(folder), name });
    await trainers.index.read(record.id);
  });
  return { run: record.id, name };
};

export const handleRunsAnnotate: HostHandler<typeof runsAnnotate> = async (
  { run: which, notes, tags, colour },
  { services },
) => {
  const { index } = services.trainers;
  const { record, folder } = await services.trainers.resolve(which);
  const before = readAnnotation(folder);
  const annotation = {
    notes: notes ?? before.notes,
    tags: tags ? [...new Set(tags)] : before.tags,
    colour: colour ?? before.colour,
  };
  writeAnnotation(folder, annotation);
  await index.read(record.id);
  return { run: record.id, ...annotation };
};

export const handleRunsDelete: HostHandler<typeof runsDelete> = async ({ run: which }, { services }) => {
  const doomed = await resolveDoomed(services, which);
  const freedBytes = trashRun(services.home, doomed);
  await services.trainers.index.look();
  return { deleted: doomed.id, name: doomed.name, freedBytes };
};

/** A trainer that is killed saves nothing: that is what is asked for. */
export const handleRunsDiscard: HostHandler<typeof runsDiscard> = async ({ run: which }, { services }) => {
  const doomed = await resolveDoomed(services, which);
  await killTrainer(doomed.folder, doomed.id);
  trashRun(services.home, doomed);
  await services.trainers.index.look();
  return { run: doomed.id, name: doomed.name };
};

export const handleRunsRestore: HostHandler<typeof runsRestore> = ({ run: which }, { services }) => {
  const { home, trainers } = services;
  return trainers.withNames(null, async (taken) => {
    const { id, name } = restoreRun(home, which, taken);
    // It left the queue when it was deleted.
    recordUnqueued(path.join(home.runs, id));
    await trainers.index.read(id);
    return { run: id, name };
  });
};

/** What a name or id means; by its whole id also a run whose record cannot be read. */
async function resolveDoomed(
  { home, trainers }: Services,
  which: string,
): Promise<{ folder: string; id: string; name: string }> {
  try {
    const { folder, record } = await trainers.resolve(which);
    return { folder, id: record.id, name: record.name };
  } catch (thrown) {
    if (asResynthError(thrown).code !== 'runs/record-damaged' || !trainers.index.get(which)) throw thrown;
    return { folder: path.join(home.runs, which), id: which, name: which };
  }
}

const killedWithinMs = 10_000;
const pollMs = 20;

async function killTrainer(folder: string, id: string): Promise<void> {
  const holder = lockHolder(folder);
  if (!holder) return;
  try {
    process.kill(holder.pid, 'SIGKILL');
  } catch {
    // It has ended by itself, or is not ours to end: the lock tells.
  }
  const deadlineMs = performance.now() + killedWithinMs;
  while (lockHolder(folder)) {
    if (performance.now() > deadlineMs) {
      throw new ResynthError('runs/live', { run: id, pid: holder.pid, action: 'discarded' });
    }
    await setTimeout(pollMs);
  }
}
