import type { runsExtend, runsFork, runsResume, train } from '../../../src-preload/contract/commands/runs.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { resolveConfig } from '../../models/overrides.ts';
import { readManifest } from '../../store/manifest.ts';
import { readRunRecord, type RunRecord, writeRunRecord } from '../../trainer/run-record.ts';
import { labelsOf } from '../datasets/labels.ts';
import { prepareRunDataset, writeDatasetManifest } from '../datasets/manifest.ts';
import { tellTrainer } from './runs-control.ts';
import { forkRun } from './runs-fork.ts';
import { checkEnoughClips, trained, trainRun } from './runs-start.ts';
import { trainable } from './sampler-base.ts';
import type { Run } from './runs.ts';
import type { HostHandler } from '../services.ts';

/** The commands that train. */

export const handleTrain: HostHandler<typeof train> = async (input, context) => {
  const { trainers } = context.services;
  const overrides: Record<string, string> = { ...input.set };
  for (const key of ['epochs', 'seed'] as const) {
    if (input[key] === undefined) continue;
    const other = [key, `training.${key}`].find((name) => name in overrides);
    if (other !== undefined) throw new ResynthError('models/setting-twice', { key, other });
    overrides[`training.${key}`] = String(input[key]);
  }
  const { home, database } = context.services;
  const resolved = resolveConfig({ preset: input.preset, overrides });
  const dataset = await database.readDataset(input.dataset);
  const { config, fill, parent } = await trainable(trainers, resolved, async () => {
    await writeDatasetManifest(context.services, dataset.id);
    const recordings = await readManifest(home, dataset.splitHash);
    return labelsOf(recordings.filter(({ split, excluded }) => split === 'train' && excluded === null));
  });
  checkEnoughClips(dataset, config);
  await writeDatasetManifest(context.services, dataset.id);
  const run = await trainers.create({
    config,
    dataset,
    name: input.name,
    nameFrom: config.preset,
    engine: engineOf(input),
    parent,
    ...(fill && { fill }),
  });
  return trainRun(run, { detach: input.detach, queue: input.queue, extendEpochs: null }, context);
};

export const handleRunsResume: HostHandler<typeof runsResume> = async (input, context) => {
  const { home, trainers } = context.services;
  const run = await trainers.resolve(input.run);
  if (run.pid !== null && run.status.state === 'paused') {
    await tellTrainer(home, run, { command: 'resume' });
    return trained(context.services, run.record.id, performance.now());
  }
  if (run.pid !== null) throw new ResynthError('runs/locked', { run: run.record.id, pid: run.pid });
  if (run.status.state === 'finished') {
    throw new ResynthError('runs/finished', { run: run.record.name, epochs: run.status.epochs });
  }
  await prepareRunDataset(context.services, run);
  const start = { detach: input.detach, queue: input.queue, extendEpochs: null };
  return withEngine(run, input, () => trainRun(run, start, context));
};

export const handleRunsExtend: HostHandler<typeof runsExtend> = async (input, context) => {
  const { home, trainers } = context.services;
  const run = await trainers.resolve(input.run);
  if (run.pid !== null) {
    await tellTrainer(home, run, { command: 'extend', epochs: input.epochs });
    return trained(context.services, run.record.id, performance.now());
  }
  await prepareRunDataset(context.services, run);
  return trainRun(run, { detach: input.detach, queue: input.queue, extendEpochs: input.epochs }, context);
};

export const handleRunsFork: HostHandler<typeof runsFork> = async (input, context) => {
  const { trainers } = context.services;
  const parent = await trainers.resolve(input.run);
  const dataset = await writeDatasetManifest(context.services, parent.record.dataset.id);
  const { run, notes } = await forkRun(trainers, parent, dataset, {
    checkpoint: input.checkpoint,
    overrides: input.set,
    epochs: input.epochs,
    seed: input.seed,
    name: input.name,
    engine: { ...parent.record.engine, ...definedEngine(input) },
  });
  const start = { detach: input.detach, queue: input.queue, extendEpochs: null };
  const result = await trainRun(run, start, context);
  return { ...result, notes: [...notes, ...result.notes] };
};

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

/** Goes on with another engine; one that cannot be had (a GPU that is not there) leaves the run as it was. */
async function withEngine<Result>(
  run: Run,
  input: EngineInput,
  work: () => Promise<Result>,
): Promise<Result> {
  const chosen = definedEngine(input);
  if (Object.keys(chosen).length === 0) return work();
  const before = readRunRecord(run.folder);
  writeRunRecord(run.folder, { ...before, engine: { ...before.engine, ...chosen } });
  try {
    return await work();
  } catch (thrown) {
    const { code } = thrown instanceof ResynthError ? thrown : { code: '' };
    if (code.startsWith('engine/')) {
      writeRunRecord(run.folder, { ...readRunRecord(run.folder), engine: before.engine });
    }
    throw thrown;
  }
}
