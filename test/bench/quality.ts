import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import type { ResolvedConfig } from '../../src-main/models/config.ts';
import { seededUniform } from '../../src-main/models/parts/random.ts';
import { learningRateAt } from '../../src-main/trainer/schedule.ts';
import { loadClips } from './clips.ts';
import type { BenchClips } from './clips.ts';
import { compileConvVae, stepScalars } from './nets.ts';
import { extremes, median } from './report.ts';
import type { BenchRow } from './report.ts';
import { findTorch, TorchTwins } from './twin.ts';
import type { SectionOptions } from './sections.ts';

const seeds = [0, 1, 2];
const batch = 16;
const epochs = 15;
const counts = { train: 640, validation: 300 };
const stepsPerEpoch = counts.train / batch;
const steps = epochs * stepsPerEpoch;
/** Training MSE is the mean over these last steps. */
const lastSteps = 20;

/**
 * The compact preset, shortened; its own learning rates (warm-up, then a cosine) are followed on both sides.
 */
function configOf(seed: number): ResolvedConfig {
  const overrides = {
    batchSize: String(batch),
    epochs: String(epochs),
    seed: String(seed),
  };
  return resolveConfig({ preset: 'fsdd-vae-compact', overrides });
}

function learningRates({ training }: ResolvedConfig): number[] {
  return Array.from({ length: steps }, (_, step) => learningRateAt(training, step, stepsPerEpoch));
}

/** Mean squared error over pixels, after training: `mse` on the validation clips, with running statistics and no noise. */
interface Errors {
  mse: number;
  /** Of the last training steps, with the batch's statistics and noise: nothing of the running averages' lag in it. */
  trainingMse: number;
}

/**
 * Validation MSE of the compact net after equal steps on the same clips in the same order, ours and PyTorch's. Weights
 * start from the same distributions and the noise differs, so seeds are compared by their median.
 */
export async function benchQuality({ threads, dataFolder, progress }: SectionOptions): Promise<BenchRow[]> {
  const { features } = configOf(0);
  progress('quality: reading clips');
  const clips = loadClips(features, counts, dataFolder);
  const search = findTorch();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-bench-'));
  const twins = 'python' in search ? new TorchTwins(search.python) : null;
  const ours: Errors[] = [];
  const theirs: Errors[] = [];
  try {
    writeFileSync(path.join(folder, 'train.f32'), clips.train);
    writeFileSync(path.join(folder, 'validation.f32'), clips.validation);
    for (const seed of seeds) {
      const config = configOf(seed);
      const order = shuffledOrder(seed);
      writeFileSync(path.join(folder, 'order.i32'), order);
      progress(`quality: seed ${seed}, ours`);
      ours.push(await trainOurs(clips, order, config));
      if (!twins) continue;
      progress(`quality: seed ${seed}, PyTorch`);
      const errors = await twins.ask('train', {
        net: 'conv-vae',
        config: config.model,
        shape: [256, 64],
        batch,
        seed,
        threads,
        learningRates: learningRates(config),
        lastSteps,
        train: path.join(folder, 'train.f32'),
        validation: path.join(folder, 'validation.f32'),
        order: path.join(folder, 'order.i32'),
      });
      theirs.push(errors);
    }
  } finally {
    twins?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return rowsOf(ours, theirs, clips.source, 'missing' in search ? search.missing : undefined);
}

function rowsOf(ours: Errors[], theirs: Errors[], source: string, missing: string | undefined): BenchRow[] {
  const section = 'quality';
  const net = `fsdd-vae-compact after ${steps} steps of ${batch}`;
  const row = (what: string, values: number[]): BenchRow => ({
    section,
    what: `${net}: ${what}`,
    value: median(values),
    unit: '',
    spread: extremes(values),
    note: source,
  });
  const validation = (errors: Errors[]): number[] => errors.map(({ mse }) => mse);
  const training = (errors: Errors[]): number[] => errors.map(({ trainingMse }) => trainingMse);
  const rows = [row('our validation MSE', validation(ours)), row('our training MSE', training(ours))];
  const what = `${net}: ours above PyTorch's, median of ${seeds.length} seeds`;
  if (missing) return [...rows, { section, what, value: null, unit: '%', note: missing }];
  const excess = 100 * (median(validation(ours)) / median(validation(theirs)) - 1);
  return [
    ...rows,
    row("PyTorch's validation MSE", validation(theirs)),
    row("PyTorch's training MSE", training(theirs)),
    { section, what, value: excess, unit: '%', target: '<= 5 %', ok: excess <= 5 },
  ];
}

async function trainOurs(clips: BenchClips, order: Int32Array, config: ResolvedConfig): Promise<Errors> {
  const { seed } = config.training;
  const rates = learningRates(config);
  const net = compileConvVae(config, batch);
  const size = net.shape.slice(1).reduce((product, extent) => product * extent, 1);
  const x = new Float32Array(batch * size);
  const gather = (from: Float32Array, rows: ArrayLike<number>): void => {
    x.fill(0);
    for (let row = 0; row < rows.length; row++) {
      const start = (rows[row] as number) * size;
      x.set(from.subarray(start, start + size), row * size);
    }
  };
  let trainingMse = 0;
  try {
    for (let step = 0; step < steps; step++) {
      gather(clips.train, order.subarray(step * batch, (step + 1) * batch));
      const { mse } = await net.program.call(
        'step',
        { x, ...stepScalars(config, rates[step] ?? 0) },
        { seed, step },
      );
      if (step >= steps - lastSteps) trainingMse += (mse?.data[0] ?? NaN) / lastSteps;
    }
    let sum = 0;
    for (let first = 0; first < counts.validation; first += batch) {
      const rows = Array.from(
        { length: Math.min(batch, counts.validation - first) },
        (_, index) => first + index,
      );
      gather(clips.validation, rows);
      const mask = Float32Array.from({ length: batch }, (_, row) => (row < rows.length ? 1 : 0));
      const { mse } = await net.program.call('evaluateMean', { x, mask });
      sum += (mse?.data[0] ?? NaN) * rows.length;
    }
    return { mse: sum / counts.validation, trainingMse };
  } finally {
    net.program.dispose();
  }
}

/** `steps` batches of rows: one shuffle of all training rows after another. */
function shuffledOrder(seed: number): Int32Array {
  const order = new Int32Array(steps * batch);
  for (let epoch = 0; epoch * counts.train < order.length; epoch++) {
    const next = seededUniform(seed, `epoch ${epoch}`);
    const rows = Int32Array.from({ length: counts.train }, (_, index) => index);
    for (let last = rows.length - 1; last > 0; last--) {
      const other = Math.floor(next() * (last + 1));
      [rows[last], rows[other]] = [rows[other] as number, rows[last] as number];
    }
    const start = epoch * counts.train;
    order.set(rows.subarray(0, Math.min(counts.train, order.length - start)), start);
  }
  return order;
}
