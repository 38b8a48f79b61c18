import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalystPool } from '../../src-main/analyst/pool.ts';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { handleMetrics } from '../../src-main/host/metrics.ts';
import type { HostContext } from '../../src-main/host/services.ts';
import { metricsCommand } from '../../src-preload/contract/commands/metrics.ts';
import type { PairFiguresOutput } from '../../src-preload/contract/commands/metrics.ts';

let analysts: AnalystPool;
let folder: string;
const warnings: string[] = [];
const rateHz = 16_000;
/** Noise that comes and goes, which no two lags of are alike. */
const sound = Float32Array.from({ length: 2 * rateHz }, (_, n) => {
  const loud = 0.3 * Math.max(0, Math.sin((2 * Math.PI * 2 * n) / rateHz));
  return loud * (((Math.imul(n + 1, 2_654_435_761) >>> 8) / 2 ** 24) * 2 - 1);
});

beforeAll(async () => {
  analysts = new AnalystPool({ size: 1 });
  folder = await mkdtemp(path.join(tmpdir(), 'resynth-metrics-'));
  const late = new Float32Array(sound.length + 40);
  late.set(
    sound.map((sample) => 0.5 * sample),
    40,
  );
  writeWav(path.join(folder, 'clean.wav'), [sound], rateHz);
  writeWav(path.join(folder, 'late.wav'), [late], rateHz);
  writeWav(path.join(folder, 'rate.wav'), [sound], 8000);
  writeWav(path.join(folder, 'stereo.wav'), [sound, sound], rateHz);
  writeWav(path.join(folder, 'zeros.wav'), [new Float32Array(sound.length)], rateHz);
});
afterAll(async () => {
  await analysts.close();
  await rm(folder, { recursive: true, force: true });
});

function run(reference: string, degraded: string, more: object = {}) {
  const context = {
    services: { analysts },
    signal: new AbortController().signal,
    progress: ({ warning }: { warning?: string }) => {
      if (warning) warnings.push(warning);
    },
  } as unknown as HostContext;
  const input = metricsCommand.input.parse({
    reference: path.join(folder, reference),
    degraded: path.join(folder, degraded),
    ...more,
  });
  return handleMetrics(input, context).then((output) => metricsCommand.output.parse(output));
}

async function pair(reference: string, degraded: string, more: object = {}): Promise<PairFiguresOutput> {
  return (await run(reference, degraded, more)) as PairFiguresOutput;
}

describe('resynth metrics', () => {
  it('reports lag and gain, and takes them out only where it is told to', async () => {
    const asGiven = await pair('clean.wav', 'late.wav');
    expect(asGiven.lag_samples).toBeCloseTo(40, 2);
    expect(asGiven.gain_db).toBeCloseTo(20 * Math.log10(0.5), 2);
    expect(asGiven.si_sdr_db).toBeLessThan(0);
    const aligned = await pair('clean.wav', 'late.wav', { align: 'integer' });
    expect(aligned.lag_samples).toBeCloseTo(40, 2);
    expect(aligned.si_sdr_db).toBeGreaterThan(50);
    expect(aligned.snr_db).toBeCloseTo(6.02, 1);
    const matched = await pair('clean.wav', 'late.wav', { align: 'integer', matchGain: true });
    expect(matched.snr_db).toBeGreaterThan(50);
  });

  it('cuts two lengths to the shorter and says so, or leaves blanks', async () => {
    warnings.length = 0;
    expect((await pair('clean.wav', 'late.wav')).snr_db).not.toBeNull();
    expect(warnings.join()).toContain('32040');
    const untrimmed = await pair('clean.wav', 'late.wav', { trim: false });
    expect(untrimmed.snr_db).toBeNull();
    expect(untrimmed.reasons['snr_db']).toContain('lengths differ');
  });

  it('leaves blanks with reasons for two rates and for silence', async () => {
    for (const [degraded, reason] of [
      ['rate.wav', 'sample rates differ'],
      ['zeros.wav', 'silent'],
    ] as const) {
      const { reasons, ...figures } = await pair('clean.wav', degraded);
      for (const [key, value] of Object.entries(figures)) {
        expect(value, key).toBeNull();
        expect(reasons[key], key).toContain(reason);
      }
    }
  });

  it('judges the mean of channels, and says so', async () => {
    warnings.length = 0;
    expect((await pair('clean.wav', 'stereo.wav')).lsd_db).toBe(0);
    expect(warnings.join()).toContain('2 channels');
  });

  it('pairs folders by name, counts what it could judge, and goes on past a broken file', async () => {
    for (const side of ['ref', 'deg']) await mkdir(path.join(folder, side, 'a'), { recursive: true });
    for (const name of ['ref/a/one', 'ref/two', 'ref/alone', 'deg/a/one']) {
      writeWav(path.join(folder, `${name}.wav`), [sound], rateHz);
    }
    await writeFile(path.join(folder, 'deg/two.wav'), 'no sound');
    const output = await run('ref', 'deg');
    if (!('pairs' in output)) throw new Error('not the output of folders');
    expect(output.pairs.map(({ name }) => name)).toEqual(['a/one', 'two']);
    expect(output.unpaired).toEqual({ reference: ['alone'], degraded: [] });
    expect(output.summary['lsd_db']).toEqual({ n: 1, mean: 0, median: 0 });
    expect(output.summary['snr_db']).toEqual({ n: 0, mean: null, median: null });
    expect(output.pairs[1]?.reasons['stoi']).toContain('two.wav');
  });

  it('refuses a file with a folder, folders without pairs, and a file that is not there', async () => {
    await mkdir(path.join(folder, 'empty'), { recursive: true });
    await expect(run('clean.wav', 'empty')).rejects.toMatchObject({ code: 'metrics/file-and-folder' });
    await expect(run('empty', 'empty')).rejects.toMatchObject({ code: 'metrics/no-pairs' });
    await expect(run('clean.wav', 'nowhere.wav')).rejects.toMatchObject({ code: 'audio/missing' });
  });
});
