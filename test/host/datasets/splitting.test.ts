import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rescanDataset } from '../../../src-main/host/datasets/datasets.ts';
import { splitDataset } from '../../../src-main/host/datasets/splitting.ts';
import type { Services } from '../../../src-main/host/services.ts';
import { datasetsSplit } from '../../../src-preload/contract/commands/datasets.ts';
import { add, folderWith, heard, openServices, quiet, tone } from './dataset-services.ts';

const digits = ['al', 'bo', 'cy', 'di'].flatMap((speaker) =>
  ['0', '1'].flatMap((digit) => Array.from({ length: 5 }, (_, index) => `${digit}_${speaker}_${index}.wav`)),
);

const split = async (services: Services, request: Record<string, unknown>) =>
  datasetsSplit.output.parse(
    await splitDataset(services, datasetsSplit.input.parse({ dataset: 'd', ...request })),
  );

const splitsOf = async (services: Services) =>
  Object.fromEntries(
    (await services.database.recordingsAfter('d', null, 1000)).map((one) => [one.id, one.split]),
  );

describe('splitDataset', () => {
  it('divides by speakers, and says what it gave', async () => {
    const services = await openServices();
    const before = await add(services, { dir: await folderWith(...digits), name: 'd' });
    const events = heard(services);
    const done = await split(services, { by: 'speakers', seed: 3 });
    expect(done).toMatchObject({
      splits: { train: 20, validation: 10, test: 10 },
      speakers: { train: 2, validation: 1, test: 1 },
      warnings: [],
    });
    expect(done.hours.train).toBeCloseTo((20 * 0.1) / 3600, 9);
    expect(done.splitNote).toMatch(/seed 3.*no speaker/);
    expect(done.splitHash).not.toBe(before.splitHash);
    const now = await services.database.readDataset('d');
    expect(now).toMatchObject({ splitHash: done.splitHash, splits: done.splits, splitNote: done.splitNote });
    expect(events).toMatchObject([
      { name: 'dataset changed', payload: { dataset: { splits: done.splits } } },
    ]);
    // The same seed gives the same, and the corpus's own rule takes it all back.
    expect((await split(services, { by: 'speakers', seed: 3 })).splitHash).toBe(done.splitHash);
    expect((await split(services, { by: 'corpus' })).splitHash).toBe(before.splitHash);
  });

  it('changes nothing in a preview', async () => {
    const services = await openServices();
    const before = await add(services, { dir: await folderWith(...digits), name: 'd' });
    const seen = await split(services, { by: 'stratified', preview: true, validation: 0.2, test: 0.2 });
    expect(seen.splits).toEqual({ train: 24, validation: 8, test: 8 });
    expect(await services.database.readDataset('d')).toEqual(before);
  });

  it('keeps its rule when the folder is read again', async () => {
    const services = await openServices();
    const dir = await folderWith(...digits);
    await add(services, { dir, name: 'd' });
    const done = await split(services, { by: 'speakers', seed: 5 });
    const before = await splitsOf(services);
    for (const name of ['2_al_9.wav', '2_bo_9.wav', '2_cy_0.wav']) tone(path.join(dir, name));
    const { dataset } = await rescanDataset(services, 'd', quiet);
    const after = await splitsOf(services);
    expect(after).toMatchObject(before);
    for (const speaker of ['al', 'bo', 'cy']) {
      const own = Object.entries(after).filter(([id]) => id.includes(`_${speaker}_`));
      expect(new Set(own.map(([, one]) => one)).size).toBe(1);
    }
    expect(dataset.splitNote).toBe(done.splitNote);
  });

  it('refuses what cannot be divided, and changes nothing', async () => {
    const services = await openServices();
    const before = await add(services, { dir: await folderWith('a.wav', 'b/c.wav'), name: 'd' });
    await expect(split(services, { by: 'speakers' })).rejects.toMatchObject({
      code: 'dataset/split-speakers-unknown',
    });
    await expect(split(services, { by: 'stratified', validation: 0.6, test: 0.6 })).rejects.toMatchObject({
      code: 'dataset/split-shares',
    });
    expect(await services.database.readDataset('d')).toEqual(before);
  });
});
