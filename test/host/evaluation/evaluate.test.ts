import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import type { Host } from '../../../src-main/host/host.ts';
import { datasetsAdd, datasetsRescan } from '../../../src-preload/contract/commands/datasets.ts';
import {
  type Evaluation,
  evaluate,
  evaluateDelete,
  evaluateExport,
  evaluateList,
  evaluateRestore,
  evaluateShow,
  evaluateSound,
} from '../../../src-preload/contract/commands/evaluate.ts';
import { evaluateCompare } from '../../../src-preload/contract/commands/evaluate-compare.ts';
import { importCheckpoint } from '../../../src-preload/contract/commands/import-checkpoint.ts';
import { systemsAdd, systemsList, systemsRemove } from '../../../src-preload/contract/commands/systems.ts';
import { smallIni, writeCheckpointFile } from '../../checkpoints/small-checkpoint.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { openTestHost, quiet } from '../open-test-host.ts';

const rateHz = 8000;

/** Noise that comes and goes; `of` makes each its own. */
function sound(of: number, seconds = 0.8): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * rateHz) }, (_, n) => {
    const noise = ((Math.imul(n + 1 + of * 7919, 2_654_435_761) >>> 8) / 2 ** 24) * 2 - 1;
    return 0.4 * noise * Math.max(0, Math.sin((2 * Math.PI * 3 * n) / rateHz + of));
  });
}

async function openWithRecordings(): Promise<{ host: Host; root: string; folder: string }> {
  const root = await temporaryFolder();
  const folder = path.join(root, 'corpus');
  await mkdir(folder);
  for (let of = 0; of < 6; of++) writeWav(path.join(folder, `${of}_anna_0.wav`), sound(of), rateHz);
  writeWav(path.join(folder, '6_anna_0.wav'), new Float32Array(4000), rateHz);
  const host = await openTestHost(path.join(root, 'home'));
  await host.call(datasetsAdd, { dir: folder, name: 'small', layout: 'folder' }, quiet);
  return { host, root, folder };
}

const few: z.input<typeof evaluate.input> = { split: 'all', metrics: ['stoi,si_sdr_db', 'pesq_nb'] };

describe('an evaluation', () => {
  it('judges stretches of a file as it judges files of their own', async () => {
    const { host, root } = await openWithRecordings();
    const folder = path.join(root, 'long');
    await mkdir(folder);
    // The third sound of the other folder, with others around it.
    const pieces = [sound(4), sound(2), sound(3)];
    writeWav(path.join(folder, 'long.wav'), Float32Array.from(pieces.flatMap((one) => [...one])), rateHz);
    const list = path.join(folder, 'list.csv');
    await writeFile(list, 'path,id,start,end\nlong.wav,second,0.8,1.6\nlong.wav,rest,1.6,\n');
    await host.call(datasetsAdd, { dir: list, name: 'stretches' }, quiet);

    const files = await host.call(evaluate, { baseline: 'mu-law', dataset: 'small', ...few }, quiet);
    const judged = await host.call(evaluate, { baseline: 'mu-law', dataset: 'stretches', ...few }, quiet);
    expect(judged).toMatchObject({ done: 2, failed: 0 });
    const figuresOf = (from: Evaluation, name: string) =>
      from.rows.find(({ recording }) => recording === name)?.figures;
    expect(figuresOf(judged, 'second')).toEqual(figuresOf(files, '2_anna_0.wav'));
    expect(figuresOf(judged, 'rest')).toEqual(figuresOf(files, '3_anna_0.wav'));

    const { evaluation } = judged;
    const heard = { evaluation, recording: 'second', kind: 'original' } as const;
    const original = await host.call(evaluateSound, heard, quiet);
    expect(original.samples).toHaveLength(0.8 * rateHz);
    const made = await host.call(evaluateSound, { ...heard, kind: 'evaluated' }, quiet);
    expect(made.samples).toHaveLength(0.8 * rateHz);
    expect(Math.max(...original.samples.map((value, n) => Math.abs(value - made.samples[n]!)))).toBeLessThan(
      0.02,
    );

    // Another stretch under the same name is another evaluation.
    await writeFile(list, 'path,id,start,end\nlong.wav,second,0.7,1.6\nlong.wav,rest,1.6,\n');
    await host.call(datasetsRescan, { dataset: 'stretches' }, quiet);
    const moved = await host.call(evaluate, { baseline: 'mu-law', dataset: 'stretches', ...few }, quiet);
    expect(moved.evaluation).not.toBe(evaluation);
  });

  it('judges a baseline on a dataset with n, intervals and reasons, and is kept', async () => {
    const { host, root } = await openWithRecordings();
    const out = path.join(root, 'rows.csv');
    const first = await host.call(evaluate, { baseline: 'mu-law', dataset: 'small', ...few, out }, quiet);
    expect(first).toMatchObject({ state: 'finished', done: 7, total: 7, failed: 0, files: [out] });
    expect(Object.keys(first.summary)).toEqual(['pesq_nb', 'stoi', 'si_sdr_db']);
    const { si_sdr_db: siSdr } = first.summary;
    expect(siSdr).toMatchObject({ n: 6, blanks: [{ reason: 'the reference is silent', rows: 1 }] });
    expect(siSdr!.interval!.low).toBeLessThan(siSdr!.mean!);
    expect(siSdr!.interval!.high).toBeGreaterThan(siSdr!.mean!);
    expect(first.bitsPerSecond?.mean).toBeCloseTo(64_000, 0);
    expect(first.rows.find(({ recording }) => recording === '6_anna_0.wav')?.figures.si_sdr_db).toBeNull();
    expect((await readFile(out, 'utf8')).split('\r\n')[0]).toContain('recording,speaker,label,system');

    // The same again gives what is kept; anew only when that is asked for.
    const again = await host.call(evaluate, { baseline: 'mu-law', dataset: 'small', ...few }, quiet);
    expect(again.evaluation).toBe(first.evaluation);
    const anew = await host.call(
      evaluate,
      { baseline: 'mu-law', dataset: 'small', ...few, again: true },
      quiet,
    );
    expect(anew.evaluation).not.toBe(first.evaluation);
    expect(anew.summary).toEqual(first.summary);

    const { evaluations } = await host.call(evaluateList, {}, quiet);
    expect(evaluations.map(({ evaluation }) => evaluation)).toEqual([anew.evaluation, first.evaluation]);
    expect(evaluations[1]?.means['si_sdr_db']).toBeCloseTo(siSdr!.mean!, 12);
    await host.call(evaluateDelete, { evaluation: anew.evaluation }, quiet);
    expect((await host.call(evaluateList, {}, quiet)).evaluations).toHaveLength(1);
    await host.call(evaluateRestore, { evaluation: anew.evaluation }, quiet);
    expect((await host.call(evaluateList, {}, quiet)).evaluations).toHaveLength(2);
    const { text } = await host.call(evaluateExport, { evaluation: first.evaluation.slice(0, 8) }, quiet);
    expect(text?.trim().split('\r\n')).toHaveLength(8);
  });

  it('goes on where it was taken back, and keeps its rows', async () => {
    const { host } = await openWithRecordings();
    const input = { baseline: 'griffin-lim:512,128,8', dataset: 'small', ...few };
    const cancel = new AbortController();
    const progress = ({ done }: { done?: number }): void => {
      if (done === 2) cancel.abort();
    };
    await expect(host.call(evaluate, input, { signal: cancel.signal, progress })).rejects.toThrow();
    const [stopped] = (await host.call(evaluateList, {}, quiet)).evaluations;
    expect(stopped?.state).toBe('cancelled');
    expect(stopped!.done).toBeGreaterThanOrEqual(2);
    expect(stopped!.done).toBeLessThan(7);
    const counts: number[] = [];
    const done = await host.call(evaluate, input, {
      signal: quiet.signal,
      progress: ({ done: now }) => {
        if (now !== undefined) counts.push(now);
      },
    });
    expect(done.evaluation).toBe(stopped?.evaluation);
    expect(done).toMatchObject({ state: 'finished', done: 7 });
    expect(counts[0]).toBe(stopped!.done);
  });

  it('draws the same recordings for every system, the fewer from among the more', async () => {
    const { host } = await openWithRecordings();
    const drawn = async (baseline: string, limit: number): Promise<string[]> => {
      const input: z.input<typeof evaluate.input> = {
        baseline,
        dataset: 'small',
        split: 'all',
        metrics: ['snr_db'],
        limit,
      };
      return (await host.call(evaluate, input, quiet)).rows.map(({ recording }) => recording);
    };
    const three = await drawn('mu-law', 3);
    expect(three).toHaveLength(3);
    expect(await drawn('low-pass:1000', 3)).toEqual(three);
    const five = await drawn('mu-law', 5);
    expect(three.every((one) => five.includes(one))).toBe(true);
  });

  it('plays what it judged, and makes it anew where it is gone', async () => {
    const { host } = await openWithRecordings();
    const shown = await host.call(evaluate, { baseline: 'mu-law', dataset: 'small', ...few }, quiet);
    const of = { evaluation: shown.evaluation, recording: '1_anna_0.wav' };
    const original = await host.call(evaluateSound, { ...of, kind: 'original' }, quiet);
    const made = await host.call(evaluateSound, { ...of, kind: 'evaluated' }, quiet);
    expect(made.samples.length).toBe(original.samples.length);
    expect(made.samples).not.toEqual(original.samples);
    await rm(path.join(host.home.media, 'evaluations'), { recursive: true });
    expect((await host.call(evaluateSound, { ...of, kind: 'evaluated' }, quiet)).samples).toEqual(
      made.samples,
    );
    await expect(
      host.call(evaluateSound, { ...of, recording: 'none.wav', kind: 'original' }, quiet),
    ).rejects.toMatchObject({ code: 'evaluations/recording-unknown' });
  });

  it('plays and judges in place what begins later, for silence was cut', async () => {
    const { host, root } = await openWithRecordings();
    const config = path.join(root, 'config.ini');
    await writeFile(config, smallIni);
    const checkpoint = { file: writeCheckpointFile(root, 'VAE.pt'), config, name: 'trims' };
    await host.call(importCheckpoint, checkpoint, quiet);
    const folder = path.join(root, 'late');
    await mkdir(folder);
    // 50 dB below the speech: it is cut, and is not nothing.
    const hiss = sound(5, 4).map((value) => value / 300);
    writeWav(path.join(folder, 'late.wav'), Float32Array.of(...hiss, ...sound(3, 2)), rateHz);
    await host.call(datasetsAdd, { dir: folder, name: 'late', layout: 'folder' }, quiet);
    const asked = { baseline: 'ceiling:trims', dataset: 'late', split: 'all', metrics: ['snr_db'] } as const;
    const judged = await host.call(evaluate, { ...asked, metrics: [...asked.metrics] }, quiet);
    expect(judged.failed).toBe(0);
    const of = { evaluation: judged.evaluation, recording: 'late.wav' };
    const original = await host.call(evaluateSound, { ...of, kind: 'original' }, quiet);
    const made = await host.call(evaluateSound, { ...of, kind: 'evaluated' }, quiet);
    const begins = made.samples.findIndex((value) => value !== 0) / rateHz;
    // Trimmed by frames of 2048 samples at the model's 1 kHz, half of one before the first loud one.
    expect(begins).toBeGreaterThan(1);
    expect(begins).toBeLessThan(4);
    expect(Math.abs(original.samples.length - made.samples.length)).toBeLessThanOrEqual(1);
  });

  it('tells a recording that cannot be judged from the others, and goes on', async () => {
    const { host, folder } = await openWithRecordings();
    await rm(path.join(folder, '2_anna_0.wav'));
    writeWav(path.join(folder, '3_anna_0.wav'), sound(99), rateHz);
    const shown = await host.call(evaluate, { baseline: 'mu-law', dataset: 'small', ...few }, quiet);
    expect(shown).toMatchObject({ state: 'finished', done: 7, failed: 2 });
    const codes = shown.rows.flatMap(({ failed }) => failed?.code ?? []);
    expect(codes).toEqual(['dataset/file-vanished', 'dataset/file-changed']);
    expect(shown.summary['si_sdr_db']?.n).toBe(4);
  });

  it('refuses what names no one system, no recordings or what is not there', async () => {
    const { host } = await openWithRecordings();
    const refused = [
      [{}, 'evaluations/one-system'],
      [{ baseline: 'mu-law', run: 'x' }, 'evaluations/one-system'],
      [{ baseline: 'mu-law' }, 'evaluations/no-selection'],
      [{ baseline: 'mu-law', dataset: 'small', files: ['a.wav'] }, 'evaluations/two-selections'],
      [{ baseline: 'mu-law', dataset: 'small', split: 'test' }, 'evaluations/no-recordings'],
      [{ baseline: 'mu-law', dataset: 'small', metrics: ['stio'] }, 'evaluations/unknown-metric'],
      [{ baseline: 'nothing', dataset: 'small' }, 'baselines/unknown'],
      [{ system: 'nobody', dataset: 'small' }, 'systems/not-found'],
      [{ run: 'nobody', dataset: 'small' }, 'runs/not-found'],
    ] as const;
    for (const [input, code] of refused) {
      await expect(
        host.call(evaluate, input as unknown as z.input<typeof evaluate.input>, quiet),
        JSON.stringify(input),
      ).rejects.toMatchObject({ code });
    }
    await expect(host.call(evaluateShow, { evaluation: 'ffff' }, quiet)).rejects.toMatchObject({
      code: 'evaluations/not-found',
    });
  });
});

describe('comparing evaluations', () => {
  it('pairs recordings and says which is better, by how much and how surely', async () => {
    const { host } = await openWithRecordings();
    const judged = async (baseline: string, more: object = {}): Promise<Evaluation> =>
      host.call(evaluate, { baseline, dataset: 'small', ...few, ...more }, quiet);
    const [good, poor] = [await judged('mu-law'), await judged('low-pass:500')];
    const both = { evaluations: [poor.evaluation, good.evaluation] };
    const { recordings, metrics, warnings } = await host.call(evaluateCompare, both, quiet);
    expect(recordings).toBe(7);
    expect(warnings).toEqual([]);
    const siSdr = metrics.find(({ key }) => key === 'si_sdr_db')!;
    expect(siSdr.columns[0]!.difference).toBeNull();
    const { difference } = siSdr.columns[1]!;
    expect(difference).toMatchObject({ n: 6, better: 6, worse: 0, ties: 0 });
    expect(difference!.mean).toBeCloseTo(
      good.summary['si_sdr_db']!.mean! - poor.summary['si_sdr_db']!.mean!,
      9,
    );
    expect(difference!.interval!.low).toBeGreaterThan(0);
    expect(difference!.wilcoxon).toEqual({ positiveRankSum: 21, n: 6, pValue: 2 / 64, method: 'exact' });

    const drawn = await judged('mu-law', { limit: 3, align: 'integer' });
    const other = await host.call(
      evaluateCompare,
      { evaluations: [poor.evaluation, drawn.evaluation] },
      quiet,
    );
    expect(other.recordings).toBe(3);
    expect(other.warnings.join(' ')).toContain('alignment');
    await expect(
      host.call(evaluateCompare, { evaluations: [good.evaluation, good.evaluation] }, quiet),
    ).rejects.toMatchObject({ code: 'evaluations/same-twice' });
  });
});

describe('a folder of sounds', () => {
  it('is judged like any system, at other rates too, and listed where it does not match', async () => {
    const { host, root } = await openWithRecordings();
    const folder = path.join(root, 'theirs');
    await mkdir(folder);
    for (const of of [0, 1, 2]) writeWav(path.join(folder, `${of}_anna_0.wav`), sound(of), rateHz);
    writeWav(
      path.join(folder, '3_anna_0.wav'),
      sound(3).filter((_, n) => n % 2 === 0),
      rateHz / 2,
    );
    writeWav(path.join(folder, 'stray.wav'), sound(9), rateHz);
    const added = await host.call(systemsAdd, { folder, dataset: 'small', name: 'theirs' }, quiet);
    expect(added).toMatchObject({ matched: 4, missing: 3, unmatched: 1, ambiguous: 0 });
    expect(added.unmatchedFiles).toEqual(['stray.wav']);
    const shown = await host.call(evaluate, { system: 'theirs', ...few }, quiet);
    expect(shown).toMatchObject({ done: 7, failed: 3 });
    const half = shown.rows.find(({ recording }) => recording === '3_anna_0.wav');
    expect(half?.warnings.join(' ')).toContain('resampled from 4000 to 8000 Hz');
    expect(half?.sampleRateHz).toBe(rateHz);
    // What is the same has no error to speak of.
    expect(shown.rows[0]?.reasons['si_sdr_db']).toContain('infinite');

    await expect(
      host.call(systemsAdd, { folder, dataset: 'small', name: 'theirs' }, quiet),
    ).rejects.toMatchObject({ code: 'systems/name-taken' });
    const empty = path.join(root, 'empty');
    await mkdir(empty);
    await expect(
      host.call(systemsAdd, { folder: empty, dataset: 'small', name: 'empty' }, quiet),
    ).rejects.toMatchObject({ code: 'systems/nothing-matched' });
    await expect(
      host.call(systemsAdd, { folder: path.join(root, 'none'), dataset: 'small', name: 'none' }, quiet),
    ).rejects.toMatchObject({ code: 'systems/not-a-folder' });
    await host.call(systemsRemove, { system: 'theirs' }, quiet);
    expect((await host.call(systemsList, {}, quiet)).systems).toEqual([]);
  });
});
