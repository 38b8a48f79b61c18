import type { z } from 'zod';
import type { CommandContext, Handler } from '../../src-preload/contract/command.ts';
import type {
  runsExtend,
  runsFork,
  runsPause,
  runsResume,
  runsStop,
  train,
  trainedSchema,
} from '../../src-preload/contract/commands/runs.ts';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { resolveConfig } from '../models/overrides.ts';
import { type Home, openHome } from '../store/home.ts';
import { checkpointFiles } from '../trainer/checkpoint.ts';
import { readRunRecord, type RunRecord, writeRunRecord } from '../trainer/run-record.ts';
import { resolveDataset } from './datasets.ts';
import { createRun, filesOf, openRun, resolveRun, type Run } from './runs.ts';
import { tellTrainer } from './runs-control.ts';
import { forkRun } from './runs-fork.ts';
import { reportTraining } from './runs-progress.ts';
import { startTrainer } from './supervisor.ts';

type Trained = z.output<typeof trainedSchema>;

export const handleTrain: Handler<typeof train> = async (input, context) => {
  const home = openHome(context.homeDir);
  const overrides: Record<string, string> = { ...input.set };
  for (const key of ['epochs', 'seed'] as const) {
    if (input[key] === undefined) continue;
    const other = [key, `training.${key}`].find((name) => name in overrides);
    if (other !== undefined) throw new ResynthError('models/setting-twice', { key, other });
    overrides[`training.${key}`] = String(input[key]);
  }
  const config = resolveConfig({ preset: input.preset, overrides });
  const dataset = await resolveDataset(home, input.dataset);
  const { batchSize } = config.training;
  if (dataset.splits.train < batchSize) {
    const count = dataset.splits.train;
    throw new ResynthError('runs/dataset-too-small', { dataset: dataset.name, count, batchSize });
  }
  const run = await createRun(home, {
    config,
    dataset,
    name: input.name,
    nameFrom: config.preset,
    engine: engineOf(input),
    parent: null,
  });
  return trainRun(home, run, { detach: input.detach, extendEpochs: null }, context);
};

export const handleRunsResume: Handler<typeof runsResume> = async (input, context) => {
  const home = openHome(context.homeDir);
  const run = resolveRun(home, input.run);
  if (run.pid !== null && run.status.state === 'paused') {
    await tellTrainer(home, run, { command: 'resume' });
    return trained(openRun(home, run.record.id), performance.now());
  }
  if (run.pid !== null) throw new ResynthError('runs/locked', { run: run.record.id, pid: run.pid });
  if (run.status.state === 'finished') {
    throw new ResynthError('runs/finished', { run: run.record.name, epochs: run.status.epochs });
  }
  changeEngine(run, input);
  return trainRun(home, run, { detach: input.detach, extendEpochs: null }, context);
};

export const handleRunsExtend: Handler<typeof runsExtend> = async (input, context) => {
  const home = openHome(context.homeDir);
  const run = resolveRun(home, input.run);
  if (run.pid !== null) {
    await tellTrainer(home, run, { command: 'extend', epochs: input.epochs });
    return trained(openRun(home, run.record.id), performance.now());
  }
  return trainRun(home, run, { detach: input.detach, extendEpochs: input.epochs }, context);
};

export const handleRunsFork: Handler<typeof runsFork> = async (input, context) => {
  const home = openHome(context.homeDir);
  const parent = resolveRun(home, input.run);
  const dataset = await resolveDataset(home, parent.record.dataset.id);
  const { run, notes } = await forkRun(home, parent, dataset, {
    checkpoint: input.checkpoint,
    overrides: input.set,
    epochs: input.epochs,
    seed: input.seed,
    name: input.name,
    engine: { ...parent.record.engine, ...definedEngine(input) },
  });
  const result = await trainRun(home, run, { detach: input.detach, extendEpochs: null }, context);
  return { ...result, notes: [...notes, ...result.notes] };
};

export const handleRunsPause: Handler<typeof runsPause> = async ({ run: which }, { homeDir }) => {
  const home = openHome(homeDir);
  const run = resolveRun(home, which);
  return told(await tellTrainer(home, run, { command: 'pause' }));
};

export const handleRunsStop: Handler<typeof runsStop> = async ({ run: which }, { homeDir }) => {
  const home = openHome(homeDir);
  const run = resolveRun(home, which);
  return told(await tellTrainer(home, run, { command: 'stop', reason: 'it was told to stop' }));
};

/**
 * Trains a run in a process of its own until it ends or, detached, until it has begun. Aborting stops and saves it.
 * A run that fails rejects with what it failed of; what was saved before is intact.
 */
export async function trainRun(
  home: Home,
  run: Run,
  options: { detach: boolean; extendEpochs: number | null },
  context: CommandContext,
): Promise<Trained> {
  const startedMs = performance.now();
  context.progress({ stage: `Run ${run.record.name}`, detail: run.record.id });
  const trainer = startTrainer({
    folder: run.folder,
    home: home.root,
    detached: options.detach,
    extendEpochs: options.extendEpochs,
    onMessage: reportTraining(context.progress),
  });
  const stop = (): void => void trainer.control({ command: 'stop', reason: 'it was interrupted (Ctrl-C)' });
  context.signal.addEventListener('abort', stop, { once: true });
  if (context.signal.aborted) stop();
  try {
    if (options.detach) {
      const end = await Promise.race([trainer.ended, trainer.running.then(() => null)]);
      if (end === null) {
        trainer.leave();
        return trained(openRun(home, run.record.id), startedMs);
      }
    }
    const end = await trainer.ended;
    if (end.error) throw ResynthError.from(end.error);
    return trained(openRun(home, run.record.id), startedMs);
  } catch (thrown) {
    // Ctrl-C reaches the trainer too, and ends it where it had not begun to listen: that is no crash.
    if (context.signal.aborted && asResynthError(thrown).code === 'runs/trainer-crashed') {
      throw new ResynthError('internal/cancelled', {}, { cause: thrown });
    }
    throw thrown;
  } finally {
    context.signal.removeEventListener('abort', stop);
  }
}

function trained(run: Run, startedMs: number): Trained {
  const { record, status, folder } = run;
  return {
    run: record.id,
    name: record.name,
    state: status.state,
    reason: status.reason,
    steps: status.step,
    epoch: status.epoch,
    epochs: status.epochs,
    bestValidation: status.best,
    checkpoint: checkpointFile(run),
    folder,
    notes: status.notes,
    elapsedSec: (performance.now() - startedMs) / 1000,
  };
}

function told(run: Run) {
  const { record, status } = run;
  return {
    run: record.id,
    name: record.name,
    state: status.state,
    step: status.step,
    checkpoint: checkpointFile(run),
  };
}

function checkpointFile(run: Run): string | null {
  const { lastCheckpoint } = run.status;
  return lastCheckpoint === null ? null : checkpointFiles(filesOf(run).checkpoints, lastCheckpoint).tensors;
}

interface EngineInput {
  backend?: RunRecord['engine']['backend'] | undefined;
  device?: string | undefined;
  threads?: number | undefined;
}

function engineOf({ backend, device, threads }: EngineInput): RunRecord['engine'] {
  return { backend: backend ?? null, device: device ?? null, threads: threads ?? null };
}

/** The choices that were made, without those left open. */
function definedEngine(input: EngineInput): Partial<RunRecord['engine']> {
  const chosen = Object.entries(engineOf(input)).filter(([, value]) => value !== null);
  return Object.fromEntries(chosen) as Partial<RunRecord['engine']>;
}

function changeEngine(run: Run, input: EngineInput): void {
  const chosen = definedEngine(input);
  if (Object.keys(chosen).length === 0) return;
  const record = readRunRecord(run.folder);
  writeRunRecord(run.folder, { ...record, engine: { ...record.engine, ...chosen } });
}
