import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BenchRow } from '../report.ts';

export const section = 'app';

/** What every part of the section is given. */
export interface PartOptions {
  /** A folder of FSDD recordings; undefined for one beside the checkout, or made-up ones. */
  dataFolder: string | undefined;
  /** How long memory is watched. */
  minutes: number;
  progress(message: string): void;
}

export type Part = (options: PartOptions) => Promise<BenchRow[]>;

/** Runs `work` with a folder that is removed afterwards. */
export async function withScratch<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'resynth-bench-app-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The value below which a share (0 to 1) of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new RangeError('A quantile of nothing is not defined.');
  return value;
}

/** How busy the machine is with everything, this bench included: it belongs beside a figure of time. */
export function loadNote(): string {
  return `load ${os.loadavg()[0]?.toFixed(1) ?? '?'} on ${os.availableParallelism()} cores`;
}
