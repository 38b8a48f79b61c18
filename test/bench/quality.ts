import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { seededUniform } from '../../src-main/models/parts/random.ts';
import { loadClips } from './clips.ts';
import type { BenchClips } from './clips.ts';
import { compileConvVae, stepScalars } from './nets.ts';
import { extremes, median } from './report.ts';
import type { BenchRow } from './report.ts';
import { findTorch, TorchTwins } from './twin.ts';
import type { SectionOptions } from './sections.ts';

const seeds = [0, 1, 2];
const steps = 300;
const batch = 32;
const counts = { train: 640, validation: 300 };
const learningRate = 1e-3;

/**
 * Validation MSE of the compact net after equal steps on the same clips in the same order, ours and PyTorch's. Weights
 * start from the same distributions and the noise differs, so seeds are compared by their median. The rate falls as a
 * cosine on both sides, as in the preset, which leaves little of the last steps' noise.
 */
export async function benchQuality({ threads, dataFolder, progress }: SectionOptions): Promise<BenchRow[]> {
  const { features } = resolveConfig({ preset: 'fsdd-vae-compact' });
  progress('quality: reading clips');
  const clips = loadClips(features, counts, dataFolder);
  const search = findTorch();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-bench-'));
  const twins = 'python' in search ? new TorchTwins(search.python) : null;
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    writeFileSync(path.join(folder, 'train.f32'), clips.train);
    writeFileSync(path.join(folder, 'validation.f32'), clips.validation);
    for (const seed of seeds) {
      const order = shuffledOrder(seed);
      writeFileSync(path.join(folder, 'order.i32'), order);
      progress(`quality: seed ${seed}, ours`);
      ours.push(await trainOurs(clips, order, seed));
      if (!twins) continue;
      progress(`quality: seed ${seed}, PyTorch`);
      const { mse } = await twins.ask('train', {
        net: 'conv-vae',
        config: resolveConfig({ preset: 'fsdd-vae-compact' }).model,
        shape: [256, 64],
        batch,
        seed,
        threads,
        learningRate,
        train: path.join(folder, 'train.f32'),
        validation: path.join(folder, 'validation.f32'),
        order: path.join(folder, 'order.i32'),
      });
      theirs.push(mse);
    }
  } finally {
    twins?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return rowsOf(ours, theirs, clips.source, 'missing' in search ? search.missing : undefined);
}

function rowsOf(ours: number[], theirs: number[], source: string, missing: string | undefined): BenchRow[] {
  const section = 'quality';
  const what = `fsdd-vae-compact after ${steps} steps of ${batch}`;
  const rows: BenchRow[] = [
    {
      section,
      what: `${what}: our validation MSE`,
      value: median(ours),
      unit: '',
      spread: extremes(ours),
      note: source,
    },
  ];
  if (missing)
    return [...rows, { section, what: `${what}: against PyTorch`, value: null, unit: '%', note: missing }];
  const excess = 100 * (median(ours) / median(theirs) - 1);
  rows.push(
    {
      section,
      what: `${what}: PyTorch's validation MSE`,
      value: median(theirs),
      unit: '',
      spread: extremes(theirs),
    },
    {
      section,
      what: `${what}: ours above PyTorch's, median of ${seeds.length} seeds`,
      value: excess,
      unit: '%',
      target: '<= 5 %',
      ok: excess <= 5,
    },
  );
  return rows;
}

async function trainOurs(clips: BenchClips, order: Int32Array, seed: number): Promise<number> {
  const config = resolveConfig({ preset: 'fsdd-vae-compact', overrides: { seed: String(seed) } });
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
  try {
    for (let step = 0; step < steps; step++) {
      gather(clips.train, order.subarray(step * batch, (step + 1) * batch));
      const rate = learningRate * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
      await net.program.call('step', { x, ...stepScalars(config, rate) }, { seed, step });
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
    return sum / counts.validation;
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
