import type { runsPause, runsStop } from '../../../src-preload/contract/commands/runs.ts';
import type { runsMove, runsUnqueue } from '../../../src-preload/contract/commands/runs-live.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { recordUnqueued } from './run-crash.ts';
import { removeQueueEntry, writeQueueEntry } from './run-extras.ts';
import { tellTrainer } from './runs-control.ts';
import { checkpointFileOf } from './runs-start.ts';
import type { Run } from './runs.ts';
import type { HostHandler, Services } from '../services.ts';

/** The commands that tell a live trainer something, and those of the queue. */

export const handleRunsPause: HostHandler<typeof runsPause> = async ({ run: which }, { services }) => {
  const run = await services.trainers.resolve(which);
  return told(services, await tellTrainer(services.home, run, { command: 'pause' }));
};

export const handleRunsStop: HostHandler<typeof runsStop> = async ({ run: which }, { services }) => {
  const run = await services.trainers.resolve(which);
  return told(
    services,
    await tellTrainer(services.home, run, { command: 'stop', reason: 'it was told to stop' }),
  );
};

export const handleRunsUnqueue: HostHandler<typeof runsUnqueue> = async ({ run: which }, { services }) => {
  const { index } = services.trainers;
  const { record, folder } = await queuedRun(services, which);
  removeQueueEntry(folder);
  recordUnqueued(folder);
  await index.read(record.id);
  return { run: record.id, name: record.name };
};

export const handleRunsMove: HostHandler<typeof runsMove> = async ({ run: which, place }, { services }) => {
  const { index } = services.trainers;
  const { record } = await queuedRun(services, which);
  const others = index.queued().filter(({ id }) => id !== record.id);
  const moved = index.get(record.id);
  if (moved) others.splice(Math.min(place - 1, others.length), 0, moved);
  // Written anew from 1: a few files, and no order that has to be halved for ever.
  for (const [at, { id, folder, queue }] of others.entries()) {
    if (queue === null || queue.order === at + 1) continue;
    writeQueueEntry(folder, { ...queue, order: at + 1 });
    await index.read(id);
  }
  return { queue: index.queued().map(({ id }) => id) };
};

async function queuedRun(services: Services, which: string): Promise<Run> {
  const { index } = services.trainers;
  const run = await services.trainers.resolve(which);
  if (index.queued().some(({ id }) => id === run.record.id)) return run;
  const state = index.summary(run.record.id)?.state ?? run.status.state;
  throw new ResynthError('runs/not-queued', { run: run.record.name, state });
}

async function told({ trainers }: Services, run: Run) {
  const { record, status } = run;
  await trainers.index.read(record.id);
  return {
    run: record.id,
    name: record.name,
    state: status.state,
    step: status.step,
    checkpoint: checkpointFileOf(run),
  };
}
