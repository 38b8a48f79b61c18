import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { compileConvVae, randomBatch, stepScalars } from './nets.ts';
import type { BenchRow } from './report.ts';
import type { SectionOptions } from './sections.ts';

const warmUpSteps = 100;
const steps = 1000;
const batch = 16;

/** 1,000 steps of the compact net: what they leave behind in tensors and in resident memory. */
export async function benchMemory({ progress }: SectionOptions): Promise<BenchRow[]> {
  const config = resolveConfig({ preset: 'fsdd-vae-compact' });
  const net = compileConvVae(config, batch);
  const feeds = { ...stepScalars(config, 5e-4), x: randomBatch(net.shape) };
  const run = async (from: number, to: number): Promise<void> => {
    for (let step = from; step < to; step++) {
      if (step % 100 === 0) progress(`memory: step ${step} of ${warmUpSteps + steps}`);
      await net.program.call('step', feeds, { seed: 0, step });
    }
  };
  try {
    await run(0, warmUpSteps);
    const before = sample();
    await run(warmUpSteps, warmUpSteps + steps);
    const after = sample();
    const growth = (100 * (after.rssMb - before.rssMb)) / before.rssMb;
    const what = `fsdd-vae-compact, ${steps} steps of ${batch}`;
    const tensors = after.tensors - before.tensors;
    return [
      {
        section: 'memory',
        what: `${what}: tensors grown by`,
        value: tensors,
        unit: '',
        target: '0',
        ok: tensors === 0,
      },
      {
        section: 'memory',
        what: `${what}: resident memory grown by`,
        value: growth,
        unit: '%',
        target: '< 1 %',
        ok: growth < 1,
        note: `${before.rssMb.toFixed(0)} to ${after.rssMb.toFixed(0)} MB, after ${warmUpSteps} steps of warm-up`,
      },
    ];
  } finally {
    net.program.dispose();
  }
}

/** Garbage of JavaScript is collected first where node runs with --expose-gc: it is not what leaks. */
function sample(): { tensors: number; rssMb: number } {
  globalThis.gc?.();
  return { tensors: tf.memory().numTensors, rssMb: process.memoryUsage.rss() / 2 ** 20 };
}
