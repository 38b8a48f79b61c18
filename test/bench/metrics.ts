import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { judge } from '../../src-main/metrics/judge.ts';
import type { SignalPair } from '../../src-main/metrics/metric.ts';
import { metrics } from '../../src-main/metrics/registry.ts';
import { uniformNumbers } from '../../src-main/dsp/random.ts';
import { extremes, median, type BenchRow } from './report.ts';

/**
 * PESQ and STOI against the `pesq` C extension and pystoi, one thread each, in processor time. Both sides take turns, so
 * that what else the machine does hits both alike.
 */

const rounds = 7;
const sampleRateHz = 16_000;
const seconds = 5;

/** How much of the other's time ours may take. */
const compared = [
  { key: 'pesq_nb', other: 'the pesq extension', most: 2 },
  { key: 'pesq_wb', other: 'the pesq extension', most: 2 },
  { key: 'stoi', other: 'pystoi', most: 1 },
  { key: 'estoi', other: 'pystoi', most: 1 },
] as const;

const answerSchema = z.object({ ms: z.array(z.number()), value: z.number() });

export async function benchMetrics(options: { progress: (message: string) => void }): Promise<BenchRow[]> {
  const pair = madePair();
  const tools = findTools();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-bench-metrics-'));
  const files = {
    reference: path.join(folder, 'reference.f64'),
    degraded: path.join(folder, 'degraded.f64'),
  };
  writeFileSync(files.reference, bytesOf(pair.reference));
  writeFileSync(files.degraded, bytesOf(pair.degraded));
  const twin = 'python' in tools ? startTwin(tools.python) : null;
  const rows: BenchRow[] = [];
  try {
    for (const { key, other, most } of compared) {
      options.progress(`${key} of ${seconds} s at ${sampleRateHz} Hz`);
      const ours: number[] = [];
      const ratios: number[] = [];
      let difference = 0;
      // Twice before it counts, for the compiler's sake.
      timed(key, pair);
      const { value } = timed(key, pair);
      await twin?.ask({ metric: key, ...files, sampleRateHz, rounds: 1 });
      for (let round = 0; round < rounds; round++) {
        const { ms } = timed(key, pair);
        ours.push(ms);
        if (!twin) continue;
        const theirs = await twin.ask({ metric: key, ...files, sampleRateHz, rounds: 1 });
        ratios.push(ms / theirs.ms[0]!);
        difference = Math.abs(theirs.value - value);
      }
      const common = { section: 'metrics', note: `${seconds} s of speech-like sound, processor time` };
      rows.push({
        ...common,
        what: `${key}, one thread`,
        value: median(ours),
        unit: 'ms',
        spread: extremes(ours),
      });
      const what = `time of ${key} over that of ${other}`;
      const target = `<= ${most}`;
      if (ratios.length === 0) {
        rows.push({
          ...common,
          what,
          value: null,
          unit: 'x',
          target,
          note: 'missing' in tools ? tools.missing : '',
        });
      } else {
        const ratio = median(ratios);
        const note = `figures ${difference.toExponential(1)} apart`;
        rows.push({
          ...common,
          what,
          value: ratio,
          unit: 'x',
          spread: extremes(ratios),
          target,
          ok: ratio <= most,
          note,
        });
      }
    }
  } finally {
    twin?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

/** Processor time of one figure, from samples that no cache knows. */
function timed(key: string, { reference, degraded }: SignalPair): { ms: number; value: number } {
  const metric = metrics.find((one) => one.key === key);
  if (!metric) throw new Error(`There is no metric ${key}.`);
  const fresh = { reference: reference.slice(), degraded: degraded.slice(), sampleRateHz };
  const before = process.cpuUsage();
  const { value, blank } = judge(metric, fresh);
  const { user, system } = process.cpuUsage(before);
  if (value === null) throw new Error(`${key} has no figure: ${blank.text}.`);
  return { ms: (user + system) / 1000, value };
}

/** A buzz with moving formants and pauses, and the same in noise. */
function madePair(): SignalPair {
  const count = seconds * sampleRateHz;
  const noise = uniformNumbers(1, count);
  let turn = 0;
  const reference = Float64Array.from({ length: count }, (_, n) => {
    const t = n / sampleRateHz;
    const f0 = 120 + 25 * Math.sin(2 * Math.PI * 0.7 * t);
    turn += f0 / sampleRateHz;
    let sum = 0;
    for (let k = 1; k * f0 < 4000; k++) {
      const near = [500 + 250 * Math.sin(5 * t), 1500 + 500 * Math.sin(3 * t), 2500];
      const gain = near.reduce((total, hz) => total + 1 / (1 + ((k * f0 - hz) / 90) ** 2), 0);
      sum += gain * Math.cos(2 * Math.PI * k * turn);
    }
    return 0.05 * sum * Math.max(0, Math.sin(2 * Math.PI * 0.4 * t)) ** 0.5;
  });
  const degraded = reference.map((sample, n) => sample + 0.02 * (noise[n]! - 0.5));
  return { reference, degraded, sampleRateHz };
}

function bytesOf(samples: SignalPair['reference']): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8 * samples.length));
  for (let n = 0; n < samples.length; n++) bytes.setFloat64(8 * n, samples[n]!, true);
  return new Uint8Array(bytes.buffer);
}

function findTools(): { python: string } | { missing: string } {
  const python = process.env.RESYNTH_PYTHON || 'python3';
  const probe = spawnSync(python, ['-c', 'import pesq, pystoi'], { encoding: 'utf8' });
  if (probe.status === 0) return { python };
  const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1) ?? '';
  return {
    missing: `no pesq and pystoi to compare with: ${python}: ${reason}; name one with RESYNTH_PYTHON`,
  };
}

function startTwin(python: string) {
  const script = path.join(import.meta.dirname, 'torch', 'reference_metrics.py');
  const child = spawn(python, ['-u', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request: Record<string, unknown>) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('The reference tools ended; their error is above.');
      return answerSchema.parse(JSON.parse(value));
    },
    close: () => child.stdin.end(),
  };
}
