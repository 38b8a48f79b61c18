import path from 'node:path';
import { createRun } from '../../../src-main/host/runs/runs.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { makeFolderSync } from '../../../src-main/files/folders.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { acquireRunLock } from '../../../src-main/trainer/lock.ts';
import { MetricsWriter } from '../../../src-main/trainer/metrics-log.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { initialStatus, writeRunStatus } from '../../../src-main/trainer/run-status.ts';

/** A trainer tells its numbers so often. */
const tellEveryMs = 250;
const stepsATell = 5;
const stepMs = tellEveryMs / stepsATell;
const stepsPerEpoch = 150;

/** A run folder that grows as a trainer's does, written by this process with the trainer's own parts. */
export interface LiveRun {
  readonly id: string;
  /** Begins to grow, four times a second. */
  begin(): void;
  /** Ends as a run that was stopped. */
  end(): void;
}

/** Makes a run that trains, with `rows` rows of each of its curves so far. */
export async function openLiveRun(homeRoot: string, rows: number): Promise<LiveRun> {
  const config = resolveConfig({ preset: 'fsdd-vae-compact' });
  const home = openHome(homeRoot);
  makeFolderSync(home.runs);
  const { folder } = await createRun(home, {
    config,
    dataset: { id: 'd', name: 'made-up', folder: path.join(homeRoot, 'none'), splitHash: 'none' },
    name: 'live',
    nameFrom: 'live',
    engine: { backend: null, device: null, threads: null },
    parent: null,
  });
  const lock = acquireRunLock(folder);
  const metrics = new MetricsWriter(runFiles(folder).metrics);
  const startMs = Date.now() - rows * stepMs;
  let step = 0;

  const append = (): void => {
    step++;
    const at = { segment: 1, step, epoch: 1 + Math.floor((step - 1) / stepsPerEpoch) };
    const times = { wallMs: startMs + step * stepMs, processMs: step * stepMs };
    // Falling losses with the unrest of small batches.
    const fall = 40 * Math.exp(-step / 20_000) + 20;
    const unrest = Math.sin(step * 12.9898) * Math.sin(step * 0.37);
    const reconstruction = fall * (1 + 0.2 * unrest);
    const kl = 8 + unrest;
    const losses = { total: reconstruction + kl, reconstruction, kl };
    metrics.append({ ...at, ...times, split: 'train', values: { ...losses, learningRate: 5e-4, beta: 1 } });
    if (step % stepsPerEpoch === 0) metrics.append({ ...at, ...times, split: 'validation', values: losses });
  };
  const tell = (state: 'running' | 'stopped'): void => {
    const epoch = Math.floor(step / stepsPerEpoch);
    const { epochs } = config.training;
    writeRunStatus(folder, {
      ...initialStatus,
      state,
      segment: 1,
      step,
      epoch,
      epochs,
      stepsPerEpoch,
      progress: {
        phase: 'training',
        stage: null,
        done: null,
        total: null,
        step,
        steps: epochs * stepsPerEpoch,
        epoch,
        epochs,
        msPerStep: stepMs,
        clipsPerSec: 400,
        etaSec: 3600,
        tensors: 300,
        rssBytes: 5e8,
        feedingShare: 0.02,
        device: 'cpu',
        updatedMs: Date.now(),
      },
    });
  };

  metrics.append({
    segment: 1,
    step: 0,
    epoch: 1,
    wallMs: startMs,
    processMs: 0,
    split: 'segment',
    values: {},
  });
  while (step < rows) append();
  metrics.flush();
  tell('running');
  let timer: NodeJS.Timeout | undefined;
  return {
    id: path.basename(folder),
    begin() {
      timer = setInterval(() => {
        for (let each = 0; each < stepsATell; each++) append();
        metrics.flush();
        tell('running');
      }, tellEveryMs);
    },
    end() {
      clearInterval(timer);
      metrics.close();
      tell('stopped');
      lock.release();
    },
  };
}
