import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { startTrainer, type Trainer, type TrainerOptions } from '../../src-main/host/runs/supervisor.ts';
import { createRun, type NewRun, openRun, type Run } from '../../src-main/host/runs/runs.ts';
import type { ResolvedConfig } from '../../src-main/models/config.ts';
import { type Home, openHome } from '../../src-main/store/home.ts';
import { checkpointFiles, readCheckpoint } from '../../src-main/trainer/checkpoint.ts';
import { clipSteps, readClipLevels } from '../../src-main/trainer/clips/files.ts';
import { checkpointSteps } from '../../src-main/trainer/checkpoint-store.ts';
import { readMetrics } from '../../src-main/trainer/metrics-log.ts';
import { runFiles } from '../../src-main/trainer/run-record.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';

export const syntheticEntry = path.join(import.meta.dirname, 'synthetic-entry.ts');
export const fakeEntry = path.join(import.meta.dirname, 'fake-entry.ts');

/** A net of a few thousand numbers: convolutions, batch-norm, noise, Adam. */
export function tinyConfig(overrides: Record<string, string>): ResolvedConfig {
  return resolveConfig({
    preset: 'fsdd-vae-compact-8k',
    overrides: {
      filters: '4,8',
      latentDim: '4',
      nFft: '32',
      hopLength: '16',
      durationSec: '0.05',
      batchSize: '4',
      seed: '11',
      ...overrides,
    },
  });
}

export async function makeRun(
  root: string,
  name: string,
  config: ResolvedConfig,
  fill?: NewRun['fill'],
): Promise<{ home: Home; run: Run }> {
  const home = openHome(root);
  const run = await createRun(home, {
    config,
    ...(fill && { fill }),
    dataset: { id: 'd', name: 'd', folder: '/d', splitHash: 'h' },
    name,
    nameFrom: name,
    engine: { backend: null, device: null, threads: 2 },
    parent: null,
  });
  return { home, run };
}

export function begin(home: Home, run: Run, options: Partial<TrainerOptions> = {}): Trainer {
  return startTrainer({
    folder: run.folder,
    home: home.root,
    detached: false,
    extendEpochs: null,
    entry: syntheticEntry,
    ...options,
  });
}

/** All that a run ends with and that may not depend on how often it was killed. */
export function resultOf(home: Home, run: Run) {
  const files = runFiles(run.folder);
  const { status } = openRun(home, run.record.id);
  const last = checkpointSteps(files.checkpoints).at(-1) ?? -1;
  const { record } = readCheckpoint(files.checkpoints, last);
  const best = readCheckpoint(files.checkpoints, status.best?.step ?? -1);
  return {
    state: status.state,
    step: last,
    sha256: record.tensors.sha256,
    bytes: readFileSync(checkpointFiles(files.checkpoints, last).tensors),
    bestSha256: best.record.tensors.sha256,
    progress: record.progress,
    clips: clipSteps(run.folder).map((at) => readClipLevels(run.folder, at)),
    metrics: readMetrics(files.metrics).rows.map(({ step, epoch, split, values }) => ({
      step,
      epoch,
      split,
      values,
    })),
  };
}

/**
 * Kills the run's trainer `kills` times at random moments, resuming in between, then lets it end. Most moments are some
 * checkpoints and some milliseconds after the loop began, whatever the load; one in five is while the trainer loads, compiles
 * or reads its checkpoint.
 */
export async function trainThroughKills(
  home: Home,
  run: Run,
  options: { kills: number; random: () => number },
): Promise<{ killedAfterSteps: number[] }> {
  const killedAfterSteps: number[] = [];
  let step = 0;
  for (let kill = 0; kill < options.kills; kill++) {
    const inLoop = kill % 5 !== 4;
    let checkpointsToSee = Math.floor(options.random() * 5);
    const seen = Promise.withResolvers<void>();
    const trainer = begin(home, run, {
      onMessage: (message) => {
        if (message.type !== 'checkpoint') return;
        step = message.step;
        if (checkpointsToSee-- <= 0) seen.resolve();
      },
    });
    if (inLoop) await Promise.race([seen.promise, trainer.ended]);
    await setTimeout(options.random() * (inLoop ? 60 : 1500));
    process.kill(trainer.pid, 'SIGKILL');
    const end = await trainer.ended.catch(() => null);
    if (end) throw new Error(`the run was ${end.state} before kill ${kill + 1}: ${end.reason}`);
    killedAfterSteps.push(step);
  }
  const end = await begin(home, run).ended;
  if (end.error) throw new Error(end.error.message);
  return { killedAfterSteps };
}

/** A process that keeps one core busy until it is ended. */
export function busyProcess(): () => void {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  return () => void child.kill('SIGKILL');
}

/** Numbers from a seed that is printed, so that a failure can be had again with RESYNTH_KILL_SEED. */
export function seededRandom(): () => number {
  let state = Number(process.env.RESYNTH_KILL_SEED ?? Date.now() % 100_000);
  console.info(`kill moments: RESYNTH_KILL_SEED=${state}`);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Settings with everything that depends on the step in them. */
export function killConfig(epochs: number): ResolvedConfig {
  return tinyConfig({
    epochs: String(epochs),
    checkpointEverySteps: '7',
    betaWarmupEpochs: '20',
    schedule: 'cosine',
    clipNorm: '5',
    validateEveryEpochs: '4',
  });
}

/** The fragment VAE with all that `asr-fragments-placed` has, a few hundred numbers small: five steps an epoch. */
export function fragmentsKillConfig(epochs: number): ResolvedConfig {
  return resolveConfig({
    preset: 'asr-fragments-placed',
    overrides: {
      ...{ filters: '2,3', kernel: '4', latentDim: '3', batchSize: '4', seed: '11', epochs: String(epochs) },
      ...{ nFft: '16', hopLength: '8', fragmentFrames: '4', fragments: '3', checkpointEverySteps: '7' },
    },
  });
}

/**
 * Trains one run whole and the same one killed `kills` times while `busyProcesses` load the machine, and gives both
 * results: they must be the same bits.
 */
export async function wholeAndKilled(
  root: string,
  options: {
    epochs: number;
    kills: number;
    busyProcesses: number;
    config?: ResolvedConfig;
    fill?: NewRun['fill'];
  },
) {
  const { epochs, kills, busyProcesses, config = killConfig(epochs), fill } = options;
  const whole = await makeRun(root, 'whole', config, fill);
  await begin(whole.home, whole.run).ended;
  for (let count = 0; count < busyProcesses; count++) onTestFinished(busyProcess());
  const { home, run } = await makeRun(root, 'killed', config, fill);
  const { killedAfterSteps } = await trainThroughKills(home, run, { kills, random: seededRandom() });
  console.info(`killed after checkpoints at steps ${killedAfterSteps.join(', ')}`);
  return { whole: resultOf(whole.home, whole.run), killed: resultOf(home, run), run, killedAfterSteps };
}
