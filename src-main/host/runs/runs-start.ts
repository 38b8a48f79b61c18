import type { z } from 'zod';
import type { trainedSchema } from '../../../src-preload/contract/commands/runs.ts';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Dataset } from '../../corpora/recording.ts';
import { representationOf } from '../../dsp/representation.ts';
import type { ResolvedConfig } from '../../models/config.ts';
import { checkpointFiles } from '../../trainer/checkpoint.ts';
import { isLineLost } from '../call.ts';
import { removeQueueEntry } from './run-extras.ts';
import { filesOf, openRun, type Run } from './runs.ts';
import { reportTraining } from './runs-progress.ts';
import type { HostContext, Services } from '../services.ts';

export interface StartOptions {
  /** Returns once training has begun. */
  detach: boolean;
  /** Returns at once; it trains when its turn comes. */
  queue: boolean;
  extendEpochs: number | null;
}

export type Trained = z.output<typeof trainedSchema>;

/**
 * Throws runs/dataset-too-small, where not even one batch can be filled. How many sequences recordings have is not known
 * before they are read: the trainer refuses too few of those.
 */
export function checkEnoughClips(
  dataset: Pick<Dataset, 'name' | 'splits'>,
  { features, training: { batchSize } }: Pick<ResolvedConfig, 'features' | 'training'>,
): void {
  const count = dataset.splits.train;
  if (count >= batchSize || representationOf(features).severalClips) return;
  throw new ResynthError('runs/dataset-too-small', { dataset: dataset.name, count, batchSize });
}

/**
 * Trains a run in a process of its own until it ends; detached, until it has begun; queued, later. Taking the call back
 * stops and saves it. Losing the line to who asked does not: the run goes on, and whoever looks finds it.
 *
 * @throws ResynthError what the run failed of; what was saved before is intact.
 */
export async function trainRun(run: Run, options: StartOptions, context: HostContext): Promise<Trained> {
  const { services, signal, progress } = context;
  const { trainers } = services;
  const { id, name } = run.record;
  const startedMs = performance.now();
  progress({ stage: `Run ${name}`, detail: id });
  if (options.queue) {
    await trainers.enqueue(run, options.extendEpochs);
    return trained(services, id, startedMs);
  }
  // One that waits in the queue is started now instead.
  removeQueueEntry(run.folder);
  const launched = trainers.launch(run, {
    extendEpochs: options.extendEpochs,
    onMessage: reportTraining(progress),
  });
  const stop = (): void => {
    if (!isLineLost(signal)) launched.stop('it was interrupted (Ctrl-C)');
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    if (options.detach && (await launched.begun)) return await trained(services, id, startedMs);
    const end = await launched.ended;
    if (end.error) throw ResynthError.from(end.error);
    return await trained(services, id, startedMs);
  } catch (thrown) {
    // A stop that came before the trainer listened ended it: that is no crash.
    if (signal.aborted && asResynthError(thrown).code === 'runs/trainer-crashed') {
      throw new ResynthError('internal/cancelled', {}, { cause: thrown });
    }
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Where a run stands, for the commands that train. `startedMs` on the monotonic clock. */
export async function trained(services: Services, id: string, startedMs: number): Promise<Trained> {
  const { trainers, home } = services;
  await trainers.index.read(id);
  const run = openRun(home, id);
  const summary = trainers.index.summary(id);
  const { record, status, folder } = run;
  return {
    run: id,
    name: record.name,
    state: summary?.state ?? status.state,
    reason: summary ? summary.reason : status.reason,
    steps: status.step,
    epoch: status.epoch,
    epochs: status.epochs,
    bestValidation: status.best,
    checkpoint: checkpointFileOf(run),
    folder,
    notes: status.notes,
    elapsedSec: (performance.now() - startedMs) / 1000,
  };
}

/** The tensors of a run's last checkpoint; null before the first. */
export function checkpointFileOf(run: Run): string | null {
  const { lastCheckpoint } = run.status;
  return lastCheckpoint === null ? null : checkpointFiles(filesOf(run).checkpoints, lastCheckpoint).tensors;
}
