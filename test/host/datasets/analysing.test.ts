import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import {
  handleDatasetsAnalyse,
  handleDatasetsExclude,
  handleDatasetsInclude,
} from '../../../src-main/host/datasets/analysing.ts';
import { rescanDataset } from '../../../src-main/host/datasets/datasets.ts';
import {
  datasetsAnalyse,
  datasetsExclude,
  datasetsInclude,
} from '../../../src-preload/contract/commands/datasets-analysis.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { add, contextOf, folderWith, openServices, quiet } from './dataset-services.ts';

/** Ten tones of each of two labels, 300 and 1000 Hz, half a second; one three times as long, one at 3 kHz, one silent. */
async function tones() {
  const services = await openServices();
  const dir = await temporaryFolder();
  for (const [label, hz] of [
    ['low', 300],
    ['high', 1000],
  ] as const) {
    await mkdir(path.join(dir, label));
    for (let n = 0; n < 10; n++) {
      const odd = label === 'low' && n === 3;
      const own = label === 'low' && n === 5 ? 3000 : hz + n;
      const length = (odd ? 3 : 1) * 4000 + 10 * n;
      const samples = Float32Array.from({ length }, (_, t) => 0.5 * Math.sin((2 * Math.PI * own * t) / 8000));
      writeWav(path.join(dir, label, `${n}.wav`), samples, 8000);
    }
  }
  writeWav(path.join(dir, 'low', 'silent.wav'), new Float32Array(4000), 8000);
  await add(services, { dir, name: 'd' });
  const context = contextOf(services);
  const call = {
    analyse: async (input: object = {}) =>
      datasetsAnalyse.output.parse(
        await handleDatasetsAnalyse(datasetsAnalyse.input.parse({ dataset: 'd', ...input }), context),
      ),
    exclude: async (input: object) =>
      datasetsExclude.output.parse(
        await handleDatasetsExclude(datasetsExclude.input.parse({ dataset: 'd', ...input }), context),
      ),
    include: async (input: object) =>
      datasetsInclude.output.parse(
        await handleDatasetsInclude(datasetsInclude.input.parse({ dataset: 'd', ...input }), context),
      ),
  };
  return { services, dir, call };
}

describe('analysing a dataset', () => {
  it('measures prominent frequencies, lengths and levels, by label, silence left out', async () => {
    const { call } = await tones();
    const analysis = await call.analyse();
    expect(analysis.recordings).toBe(20);
    const of = (key: string) => analysis.measures.find((one) => one.key === key);
    expect(of('prominentHz')?.labels.map(({ value, count }) => [value, count])).toEqual([
      ['high', 10],
      ['low', 10],
    ]);
    expect(of('prominentHz')?.labels[0]?.median).toBeCloseTo(1004.5, 0);
    expect(of('prominentHz')?.labels[1]?.median).toBeCloseTo(305, 0);
    expect(of('prominentHz')?.all?.max).toBeCloseTo(3000, 0);
    expect(of('peakDb')?.all?.median).toBeCloseTo(-6.02, 1);
    expect(of('durationSec')?.all).toMatchObject({ min: 0.5, max: 1.50375 });
    for (const { histogram, all } of analysis.measures) {
      expect(histogram.counts.reduce((sum, one) => sum + one, 0)).toBe(all?.count);
    }
  });

  it('finds what stands out by the rule, among all and among its own', async () => {
    const { call } = await tones();
    const all = await call.analyse({ measures: ['durationSec'] });
    expect(all.outliers.rows.map(({ id, because }) => [id, because])).toEqual([
      ['low/3.wav', [{ measure: 'durationSec', side: 'high' }]],
    ]);
    expect(all.rule).toContain('3 times');
    // 3 kHz is nothing special beside 1 kHz, and is among those of 300 Hz.
    expect((await call.analyse({ measures: ['prominentHz'] })).outliers.total).toBe(0);
    const own = await call.analyse({ measures: ['prominentHz'], within: 'label' });
    expect(own.outliers.rows.map(({ id }) => id)).toEqual(['low/5.wav']);
  });

  it('measures each recording once, also for another dataset of the same', async () => {
    const { services, call, dir } = await tones();
    await call.analyse();
    expect(await services.database.unanalysedRecordings('d', null, 100)).toEqual([]);
    await add(services, { dir, name: 'again' });
    expect(await services.database.unanalysedRecordings('again', null, 100)).toEqual([]);
  });

  it('ends at a signal', async () => {
    const { services } = await tones();
    const aborted = { ...contextOf(services), signal: AbortSignal.abort() };
    const call = handleDatasetsAnalyse(datasetsAnalyse.input.parse({ dataset: 'd' }), aborted);
    await expect(call).rejects.toMatchObject({ code: 'internal/cancelled' });
  });
});

describe('leaving recordings out', () => {
  it('takes them out of the splits and the hash, moves no other, and is undone whole', async () => {
    const { services, call } = await tones();
    const before = await services.database.readDataset('d');
    const done = await call.exclude({ outliers: true, measures: ['durationSec'] });
    expect(done).toMatchObject({ changed: 1, ids: ['low/3.wav'], excluded: 1 });
    expect(done.splitHash).not.toBe(before.splitHash);
    const sum = ({ train, validation, test }: typeof done.splits) => train + validation + test;
    expect(sum(done.splits)).toBe(sum(before.splits) - 1);
    const left = await services.database.readRecording('d', 'low/3.wav');
    expect(left?.excluded).toContain('durationSec');
    // What is out is looked at no more, and stays out when the folder is read again.
    expect((await call.analyse({ measures: ['durationSec'] })).recordings).toBe(19);
    await rescanDataset(services, 'd', quiet);
    expect((await services.database.readDataset('d')).splitHash).toBe(done.splitHash);
    const back = await call.include({ all: true });
    expect(back).toMatchObject({
      changed: 1,
      excluded: 0,
      splitHash: before.splitHash,
      splits: before.splits,
    });
  });

  it('by id keeps the first reason, refuses strangers by name, and wants to be told what', async () => {
    const { services, call } = await tones();
    await call.exclude({ recordings: ['low/1.wav'], reason: 'coughing' });
    expect((await call.exclude({ recordings: ['low/1.wav', 'low/2.wav'] })).ids).toEqual(['low/2.wav']);
    expect((await services.database.readRecording('d', 'low/1.wav'))?.excluded).toBe('coughing');
    await expect(call.exclude({ recordings: ['nobody.wav'] })).rejects.toMatchObject({
      code: 'dataset/recording-unknown',
    });
    await expect(call.exclude({})).rejects.toMatchObject({ code: 'dataset/nothing-chosen' });
    await expect(call.include({})).rejects.toMatchObject({ code: 'dataset/nothing-chosen' });
  });

  it('is told in lists, counts and facets', async () => {
    const services = await openServices();
    await add(services, { dir: await folderWith('a/1.wav', 'a/2.wav'), name: 'd' });
    await services.database.excludeRecordings('d', ['a/1.wav'], 'odd');
    const stats = await services.database.readRecordingStats('d', {
      search: '',
      speakers: [],
      labels: [],
      splits: [],
      sexes: [],
      subsets: [],
    });
    expect([stats.recordings, stats.excluded]).toEqual([2, 1]);
    expect(stats.splits.reduce((sum, { recordings }) => sum + recordings, 0)).toBe(1);
  });
});
