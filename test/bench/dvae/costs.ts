/** What dynamical VAEs take beside the time of a step; each in a process of its own, whose peak memory is the model's alone. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { extremes, median } from '../report.ts';
import type { BenchRow } from '../report.ts';
import type { SectionOptions } from '../sections.ts';
import { presets } from './nets.ts';
import type { CompileCost, UtteranceCost } from './cost-process.ts';

/** Compiling a training step of 150 frames: how long until the first step is done, and peak memory. */
export function benchDvaeCompile(options: SectionOptions): Promise<BenchRow[]> {
  return benchCosts<CompileCost>('dvae-compile', options, (name, { compileSec, firstStepSec, peakMb }) => [
    {
      what: `${name}, 150 frames: time to compile, first step included`,
      value: compileSec + firstStepSec,
      unit: 's',
      target: '<= 10 s',
      ok: compileSec + firstStepSec <= 10,
      note: `capture ${compileSec.toFixed(1)} s, first step ${firstStepSec.toFixed(1)} s`,
    },
    {
      what: `${name}, 150 frames: peak memory above an idle engine`,
      value: peakMb,
      unit: 'MB',
      target: '<= 2000 MB',
      ok: peakMb <= 2000,
    },
  ]);
}

/** Utterances, from samples to samples: speed, and the peak memory of a long one. */
export function benchDvaeUtterance(options: SectionOptions): Promise<BenchRow[]> {
  return benchCosts<UtteranceCost>('dvae-utterance', options, (name, { timesRealTime, seconds, peakMb }) => [
    {
      what: `${name}, ${seconds} s: reconstructed, times as fast as real time`,
      value: median(timesRealTime),
      spread: extremes(timesRealTime),
      unit: 'x',
      target: '> 50 x',
      ok: median(timesRealTime) > 50,
    },
    {
      what: `${name}, ${seconds} s: peak memory above an idle engine`,
      value: peakMb,
      unit: 'MB',
      target: '< 1000 MB',
      ok: peakMb < 1000,
      note: 'the compiled program included',
    },
  ]);
}

async function benchCosts<Cost>(
  section: 'dvae-compile' | 'dvae-utterance',
  { threads, only, progress }: SectionOptions,
  rowsOf: (name: string, cost: Cost) => Omit<BenchRow, 'section'>[],
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [name, preset] of Object.entries(presets)) {
    if (only !== undefined && !name.includes(only)) continue;
    progress(`${section}: ${name}`);
    const cost = await measured<Cost>(section, preset, threads);
    rows.push(...rowsOf(name, cost).map((row) => ({ section, ...row })));
  }
  return rows;
}

async function measured<Cost>(section: string, preset: string, threads: number): Promise<Cost> {
  const file = path.join(import.meta.dirname, 'cost-process.ts');
  const child = spawn(process.execPath, [file, section, preset, String(threads)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  );
  const [output, code] = await Promise.all([text(child.stdout), ended]);
  if (code !== 0)
    throw new Error(`${section}: the process of ${preset} ended with ${code}; its error is above.`);
  return JSON.parse(output) as Cost;
}
