import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import type { Host } from '../../../src-main/host/host.ts';
import {
  benchmark,
  benchmarksDelete,
  benchmarksList,
  benchmarksSave,
  benchmarksShow,
} from '../../../src-preload/contract/commands/benchmark.ts';
import { datasetsAdd } from '../../../src-preload/contract/commands/datasets.ts';
import { evaluate, evaluateList } from '../../../src-preload/contract/commands/evaluate.ts';
import { systemsAdd, systemsRemove } from '../../../src-preload/contract/commands/systems.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { tinyRun } from '../../inference/tiny-run.ts';
import { openTestHost, quiet } from '../open-test-host.ts';

const rateHz = 8000;

/** Noise that comes and goes; `of` makes each its own. */
function sound(of: number): Float32Array {
  return Float32Array.from({ length: 0.6 * rateHz }, (_, n) => {
    const noise = ((Math.imul(n + 1 + of * 7919, 2_654_435_761) >>> 8) / 2 ** 24) * 2 - 1;
    return 0.4 * noise * Math.max(0, Math.sin((2 * Math.PI * 3 * n) / rateHz + of));
  });
}

async function openWithRecordings(
  prepare?: (home: string) => Promise<unknown>,
): Promise<{ host: Host; root: string; folder: string }> {
  const root = await temporaryFolder();
  await prepare?.(path.join(root, 'home'));
  const folder = path.join(root, 'corpus');
  await mkdir(folder);
  for (let of = 0; of < 5; of++) writeWav(path.join(folder, `${of}_anna_0.wav`), sound(of), rateHz);
  const host = await openTestHost(path.join(root, 'home'));
  await host.call(datasetsAdd, { dir: folder, name: 'small', layout: 'folder' }, quiet);
  return { host, root, folder };
}

const two: z.input<typeof benchmark.input> = {
  systems: ['baseline:low-pass:500', 'baseline:mu-law'],
  dataset: 'small',
  split: 'all',
  metrics: ['snr_db,rmse_normalised'],
};

describe('a benchmark', () => {
  it('judges what is missing, uses what is there, and compares with one of its systems', async () => {
    const { host } = await openWithRecordings();
    // Judged before, by more metrics than are asked for.
    const more = { split: 'all' as const, metrics: ['snr_db', 'rmse_normalised', 'si_sdr_db'] };
    const before = await host.call(evaluate, { baseline: 'mu-law', dataset: 'small', ...more }, quiet);

    const stages: string[] = [];
    const table = await host.call(
      benchmark,
      { ...two, against: 'baseline:low-pass:500' },
      { signal: quiet.signal, progress: ({ detail, total }) => void stages.push(`${detail} ${total}`) },
    );
    expect(table).toMatchObject({ benchmark: null, name: null, recordings: 5, warnings: [] });
    expect(table.columns.map(({ key }) => key)).toEqual(['snr_db', 'rmse_normalised']);
    const [poor, good] = table.rows;
    expect(poor).toMatchObject({ state: 'finished', done: 5, title: 'low-pass:500', run: null, speed: null });
    expect(good).toMatchObject({ state: 'finished', evaluation: before.evaluation });
    expect(new Set(stages)).toEqual(new Set(['low-pass:500 5']));
    expect(poor!.cells.snr_db!.difference).toBeNull();
    const { snr_db: snr, rmse_normalised: rmse } = good!.cells;
    expect(snr).toMatchObject({ n: 5, mean: before.summary['snr_db']!.mean });
    expect(snr!.difference).toMatchObject({ n: 5, better: 5, worse: 0, wilcoxon: { pValue: 2 / 32 } });
    expect(rmse!.difference!.mean).toBeLessThan(0);
    expect(rmse!.difference!.better).toBe(5);

    const again = await host.call(benchmark, { ...two, against: 'baseline:low-pass:500' }, quiet);
    expect(again.rows.map(({ evaluation }) => evaluation)).toEqual(
      table.rows.map(({ evaluation }) => evaluation),
    );
    expect((await host.call(evaluateList, {}, quiet)).evaluations).toHaveLength(2);
  });

  it('says why an evaluation that is there is not used', async () => {
    const { host } = await openWithRecordings();
    const judge = (more: object) =>
      host.call(
        evaluate,
        { baseline: 'mu-law', dataset: 'small', split: 'all', metrics: ['snr_db'], ...more },
        quiet,
      );
    await judge({ align: 'integer', limit: 3 });
    await host.call(
      benchmarksSave,
      { ...two, systems: ['baseline:mu-law'], name: 'one', dataset: 'small' },
      quiet,
    );
    const note = async () => (await host.call(benchmarksShow, { benchmark: 'one' }, quiet)).rows[0];
    expect((await note())?.state).toBe('none');
    expect((await note())?.notes[0]).toMatch(
      /judged 3 recordings, not 5; its alignment was integer; it did not measure rmse_normalised/,
    );
    // The nearest is told of.
    await judge({});
    expect((await note())?.notes[0]).toMatch(/is not used: it did not measure rmse_normalised\.$/);
  });

  it('is kept under its name, changed, listed and forgotten, and goes on where it was taken back', async () => {
    const { host } = await openWithRecordings();
    const cancel = new AbortController();
    const progress = ({ done }: { done?: number }): void => {
      if (done === 2) cancel.abort();
    };
    const named = { ...two, name: 'first' };
    await expect(host.call(benchmark, named, { signal: cancel.signal, progress })).rejects.toThrow();
    const [kept] = (await host.call(benchmarksList, {}, quiet)).benchmarks;
    expect(kept).toMatchObject({ name: 'first', dataset: { name: 'small' }, systems: two.systems });
    const part = await host.call(benchmarksShow, { benchmark: 'first' }, quiet);
    expect(part.rows[0]).toMatchObject({ state: 'cancelled' });
    expect(part.rows[1]?.state).toBe('none');
    const whole = await host.call(benchmark, { name: 'first' }, quiet);
    expect(whole).toMatchObject({ benchmark: kept!.benchmark, name: 'first' });
    expect(whole.rows.map(({ state, done }) => [state, done])).toEqual([
      ['finished', 5],
      ['finished', 5],
    ]);
    expect(whole.rows[0]?.evaluation).toBe(part.rows[0]?.evaluation);

    const change = { ...two, dataset: 'small', systems: ['baseline:mu-law'], name: 'second' };
    await host.call(benchmarksSave, { ...change, benchmark: kept!.benchmark }, quiet);
    const other = await host.call(benchmarksSave, { ...change, name: 'third' }, quiet);
    const names = async () => (await host.call(benchmarksList, {}, quiet)).benchmarks.map(({ name }) => name);
    expect(await names()).toEqual(['third', 'second']);
    await expect(
      host.call(benchmarksSave, { ...change, benchmark: other.benchmark }, quiet),
    ).rejects.toMatchObject({ code: 'benchmarks/name-taken' });
    const gone = await host.call(benchmarksDelete, { benchmark: 'third' }, quiet);
    expect(await names()).toEqual(['second']);
    await host.call(benchmarksSave, { ...change, name: gone.name, benchmark: gone.benchmark }, quiet);
    expect((await host.call(benchmarksShow, { benchmark: other.benchmark.slice(0, 8) }, quiet)).name).toBe(
      'third',
    );
  });

  it('keeps the place of a system that is gone, and judges the others', async () => {
    const { host, root } = await openWithRecordings();
    const theirs = path.join(root, 'theirs');
    await mkdir(theirs);
    for (let of = 0; of < 5; of++) writeWav(path.join(theirs, `${of}_anna_0.wav`), sound(of + 1), rateHz);
    await host.call(systemsAdd, { folder: theirs, dataset: 'small', name: 'theirs' }, quiet);
    const systems = ['external:theirs', 'baseline:mu-law'];
    await host.call(benchmarksSave, { ...two, systems, name: 'both', dataset: 'small' }, quiet);
    await host.call(systemsRemove, { system: 'theirs' }, quiet);
    const { rows } = await host.call(benchmark, { name: 'both' }, quiet);
    expect(rows[0]).toMatchObject({ state: 'gone', kind: 'external', error: { code: 'systems/not-found' } });
    expect(rows[1]?.state).toBe('finished');
    expect(benchmark.partlyFailed?.({ rows } as never)).toBe(true);
  });

  it('is printed and written as CSV, LaTeX and JSON', async () => {
    const { host, root } = await openWithRecordings();
    const csv = await host.call(benchmark, { ...two, format: 'csv' }, quiet);
    expect(csv.text).toMatch(/^system,family,step/);
    const out = path.join(root, 'made', 'table.tex');
    const { files, text } = await host.call(benchmark, { ...two, out }, quiet);
    expect({ files, text }).toEqual({ files: [out], text: null });
    expect(await readFile(out, 'utf8')).toContain('\\begin{tabular}');
    const json = path.join(root, 'table.json');
    await host.call(benchmark, { ...two, out: json }, quiet);
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ recordings: 5 });
  });

  it('refuses what says too little, or what is not there', async () => {
    const { host, root } = await openWithRecordings();
    const refused = [
      [{}, 'benchmarks/nothing-named'],
      [{ name: 'nobody' }, 'benchmarks/not-found'],
      [{ name: 'nobody', dataset: 'small' }, 'benchmarks/nothing-named'],
      [{ systems: ['baseline:mu-law'] }, 'benchmarks/no-dataset'],
      [{ ...two, against: 'baseline:mfcc:13' }, 'benchmarks/not-among'],
      [{ ...two, metrics: ['stio'] }, 'evaluations/unknown-metric'],
      [{ ...two, systems: ['nobody'] }, 'runs/not-found'],
      [{ ...two, systems: ['nobody@40'] }, 'runs/not-found'],
      [{ ...two, systems: ['baseline:nothing'] }, 'baselines/unknown'],
      [{ ...two, split: 'test' }, 'evaluations/no-recordings'],
      [{ ...two, out: path.join(root, 'table.pdf') }, 'benchmarks/unknown-ending'],
    ] as const;
    for (const [input, code] of refused) {
      await expect(
        host.call(benchmark, input as unknown as z.input<typeof benchmark.input>, quiet),
        JSON.stringify(input),
      ).rejects.toMatchObject({ code });
    }
    expect((await host.call(evaluateList, {}, quiet)).evaluations).toEqual([]);
  });

  it('takes a run with codes that are drawn as a row of its own', async () => {
    const { host } = await openWithRecordings((home) => tinyRun(openHome(home).runs, [7]));
    const asked = { name: 'ways', dataset: 'small', split: 'all' as const };
    const ways = ['Tiny', 'Tiny@7+sample', 'Tiny+own', 'Tiny+own+sample'];
    const { benchmark: id, systems } = await host.call(benchmarksSave, { ...asked, systems: ways }, quiet);
    // What generates no frame from those before is the same system whichever it is given.
    expect(systems).toEqual(['tiny@7', 'tiny@7+sample']);
    const { rows } = await host.call(benchmarksShow, { benchmark: id }, quiet);
    expect(rows.map(({ title, system }) => [title, system])).toEqual([
      ['Tiny', 'tiny@7'],
      ['Tiny, sampled z', 'tiny@7+sample'],
    ]);
    await expect(
      host.call(benchmarksSave, { ...asked, systems: ['Gone+sample'] }, quiet),
    ).rejects.toMatchObject({ code: 'runs/not-found' });
  });
});
