import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Dataset } from '../../corpora/recording.ts';
import { resolveConfig } from '../../models/overrides.ts';
import { presetById } from '../../models/presets.ts';
import { prepareRunDataset, writeDatasetManifest } from '../datasets/manifest.ts';
import { openRun, type Run } from '../runs/runs.ts';
import { reportTraining } from '../runs/runs-progress.ts';
import { checkEnoughClips, trainRun } from '../runs/runs-start.ts';
import { eraseRun } from '../runs/runs-trash.ts';
import type { HostContext } from '../services.ts';

export interface DemoTraining {
  preset: string;
  /** Settings as typed; those of the demo give way to them. */
  set: Readonly<Record<string, string>>;
  seed: number;
  minutes: number;
}

/** Steps that are timed before the number of epochs is chosen, after the first ones, which are slower. */
const PROBE_STEPS = 12;
const PROBE_WARM_STEPS = 2;
/** The probe gives up its place to the training after this share of the whole time, whatever it has done by then. */
const PROBE_SHARE = 0.15;
/** Of the time to train, what is planned for: steps get slower when the machine is used meanwhile. */
const PLANNED_SHARE = 0.92;
/** A training that takes this much longer than planned is stopped and its best checkpoint used. */
const LATEST_SHARE = 1.3;
/** Steps of an epoch that a small corpus should have: with fewer, batches are larger than they need to be. */
const STEPS_PER_EPOCH = 24;
const MOST_VALIDATIONS = 40;

export interface DemoTrainingResult {
  run: Run;
  /** What the reader of the page should know before anything else. */
  notes: string[];
}

/**
 * Trains for about `minutes`: measures the time of a step in a run of its own that is then deleted, chooses the number of
 * epochs by it, and trains. The learning-rate schedule runs to its end, which a training that is merely cut off would not.
 * Throws internal/cancelled when interrupted; the run stays and `resumeDemoRun` goes on.
 */
export async function trainForDemo(
  dataset: Dataset,
  request: DemoTraining,
  context: HostContext,
  created: (run: Run) => Promise<void>,
): Promise<DemoTrainingResult> {
  const settings = demoSettings(dataset, request);
  await writeDatasetManifest(context.services, dataset.id);
  const probe = await measureStep(dataset, request, settings, context);
  const budgetSec = request.minutes * 60 - probe.spentSec;
  const epochs = settings['training.epochs'] ?? String(epochsFor(probe, budgetSec));
  const config = resolveConfig({
    preset: request.preset,
    overrides: givingWay(
      {
        'training.epochs': epochs,
        'training.validateEveryEpochs': String(Math.ceil(Number(epochs) / MOST_VALIDATIONS)),
      },
      settings,
    ),
  });
  const run = await context.services.trainers.create({
    config,
    dataset,
    name: undefined,
    nameFrom: 'demo',
    engine: { backend: null, device: null, threads: null },
    parent: null,
  });
  await created(run);
  return finishDemoRun(run, Math.max(5, budgetSec) * LATEST_SHARE, context);
}

/** Trains a run to its end, or for `latestSec` at most: then it is stopped and saved. */
export async function finishDemoRun(
  run: Run,
  latestSec: number,
  context: HostContext,
): Promise<DemoTrainingResult> {
  await prepareRunDataset(context.services, run);
  const late = new AbortController();
  // The time counts from the first step: reading features and compiling are not the training.
  let timer: NodeJS.Timeout | undefined;
  const signal = AbortSignal.any([context.signal, late.signal]);
  const progress: HostContext['progress'] = (event) => {
    if (event.unit === 'steps') timer ??= setTimeout(() => late.abort(), latestSec * 1000);
    context.progress(event);
  };
  const result = await trainRun(
    run,
    { detach: false, queue: false, extendEpochs: null },
    { ...context, progress, signal },
  ).finally(() => clearTimeout(timer));
  if (context.signal.aborted) throw new ResynthError('internal/cancelled');
  const notes: string[] = [];
  if (late.signal.aborted) {
    notes.push(
      `Training took longer than its time, so it was stopped after epoch ${result.epoch} of ${result.epochs}: the learning rate had not reached its end. Something else probably used this machine.`,
    );
  }
  return { run: openRun(context.services.home, run.record.id), notes };
}

interface Probe {
  stepSec: number;
  stepsPerEpoch: number;
  validationBatches: number;
  /** What the probe itself took of the time to train. */
  spentSec: number;
}

/** Times some steps of the very configuration that is to be trained. */
async function measureStep(
  dataset: Dataset,
  request: DemoTraining,
  settings: Record<string, string>,
  context: HostContext,
): Promise<Probe> {
  const config = resolveConfig({
    preset: request.preset,
    overrides: { ...settings, 'training.epochs': '1000' },
  });
  const { batchSize } = config.training;
  checkEnoughClips(dataset, config);
  const run = await context.services.trainers.create({
    config,
    dataset,
    name: undefined,
    nameFrom: 'demo-timing',
    engine: { backend: null, device: null, threads: null },
    parent: null,
  });
  const times = new Map<number, number>();
  const limitMs = request.minutes * 60_000 * PROBE_SHARE;
  const report = reportTraining(context.progress);
  const stage = 'Measuring the time of a step, to choose the number of epochs';
  const trainer = context.services.trainers.launch(run, {
    extendEpochs: null,
    onMessage: (message) => {
      if (message.type !== 'progress') {
        report(message);
        return;
      }
      const { step, phase } = message.progress;
      if (phase === 'training') times.set(step, performance.now());
      context.progress({ stage, done: Math.min(step, PROBE_STEPS), total: PROBE_STEPS, unit: 'steps' });
      const [firstMs = 0] = times.values();
      // Steps are reported a few times a second: a fast net is past the last one before two of them were.
      const done = step >= PROBE_STEPS && times.size > 1;
      const enough = done || (times.size > PROBE_WARM_STEPS && performance.now() - firstMs > limitMs);
      if (enough) trainer.stop('it was only to be timed');
    },
  });
  const stop = (): void => trainer.stop('it was interrupted (Ctrl-C)');
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    if (context.signal.aborted) stop();
    const end = await trainer.ended;
    if (end.error) throw ResynthError.from(end.error);
  } finally {
    context.signal.removeEventListener('abort', stop);
    await eraseRun(context.services.home, run);
    await context.services.trainers.index.look();
  }
  if (context.signal.aborted) throw new ResynthError('internal/cancelled');
  const timed = [...times].slice(times.size > PROBE_WARM_STEPS + 1 ? PROBE_WARM_STEPS : 0);
  const [first] = timed;
  const last = timed.at(-1);
  if (!first || !last || last[0] === first[0]) throw new Error('no step of the training could be timed');
  return {
    stepSec: (last[1] - first[1]) / 1000 / (last[0] - first[0]),
    stepsPerEpoch: Math.floor(dataset.splits.train / batchSize),
    validationBatches: Math.ceil(dataset.splits.validation / batchSize),
    spentSec: (last[1] - first[1]) / 1000,
  };
}

/** Epochs that fit into the time, with their validations and checkpoints; at least one. */
export function epochsFor(
  probe: { stepSec: number; stepsPerEpoch: number; validationBatches: number },
  budgetSec: number,
): number {
  // A validation batch goes forward only: about a third of a step. A checkpoint of a small net: a twentieth of a second.
  const validationSec = probe.validationBatches * probe.stepSec * 0.35;
  const epochSec = probe.stepsPerEpoch * probe.stepSec + 0.05;
  const available = Math.max(0, budgetSec * PLANNED_SHARE);
  const validatedEach = Math.floor(available / (epochSec + validationSec));
  if (validatedEach <= MOST_VALIDATIONS) return Math.max(1, validatedEach);
  return Math.max(MOST_VALIDATIONS, Math.floor((available - MOST_VALIDATIONS * validationSec) / epochSec));
}

/**
 * The settings of the demo where the user gave none: smaller batches for a small corpus, so that a few minutes hold
 * enough steps. They are listed on the page as differences from the preset.
 */
function demoSettings(dataset: Dataset, request: DemoTraining): Record<string, string> {
  const preset = presetById(request.preset);
  const presetBatch = typeof preset.training.batchSize === 'number' ? preset.training.batchSize : 64;
  const wanted = 2 ** Math.floor(Math.log2(Math.max(4, dataset.splits.train / STEPS_PER_EPOCH)));
  const own: Record<string, string> = {
    'training.batchSize': String(Math.min(presetBatch, wanted)),
    'training.seed': String(request.seed),
    // A few hundred steps are too few for averages that remember the last hundred: validation would lag behind.
    ...('batchNormMomentum' in preset.model ? { 'model.batchNormMomentum': '0.95' } : {}),
  };
  const { epochs, ...typed } = request.set;
  return givingWay(own, { ...typed, ...(epochs === undefined ? {} : { 'training.epochs': epochs }) });
}

/** Settings with those of `own` that `typed` does not name, in full or by the last part of the name. */
function givingWay(
  own: Readonly<Record<string, string>>,
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = Object.keys(typed);
  const kept = Object.entries(own).filter(
    ([key]) => !names.some((name) => key === name || key.endsWith(`.${name}`)),
  );
  return { ...Object.fromEntries(kept), ...typed };
}
