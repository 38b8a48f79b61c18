import path from 'node:path';
import { expect, it } from 'vitest';
import { sweepRecordings } from '../../../src-main/store/database/datasets.ts';
import { refusal } from '../../helpers/refusal.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import {
  addOver,
  addTo,
  facts,
  firstPage,
  openInThisThread,
  openOperations,
  openThread,
  recording,
} from './sample.ts';

it('lists datasets in the order of adding, and finds them by id or name', async () => {
  const operations = await openOperations();
  addTo(operations, 'b', [recording('x')]);
  addTo(operations, 'a', [recording('y')]);
  expect(operations.listDatasets().map(({ name }) => name)).toEqual(['a', 'b']);
  expect(operations.findDataset('a-id')?.name).toBe('a');
  expect(operations.findDataset('nobody')).toBeNull();
  const error = refusal(() => operations.readDataset('nobody'));
  expect(error.code).toBe('dataset/unknown');
  expect(error.message).toContain('a, b');
});

it('renames and relinks, and refuses a name or id that another one has', async () => {
  const operations = await openOperations();
  addTo(operations, 'a', [recording('x')]);
  addTo(operations, 'b', [recording('x')]);
  expect(operations.renameDataset('a', 'new name')).toMatchObject({ id: 'a-id', name: 'new name' });
  for (const taken of ['b', 'b-id']) {
    expect(refusal(() => operations.renameDataset('new name', taken)).code).toBe('dataset/name-taken');
  }
  expect(operations.renameDataset('new name', 'new name').name).toBe('new name');
  expect(operations.relinkDataset('a-id', '/elsewhere').folder).toBe('/elsewhere');
});

it('brings a removed dataset back with everything, unless its name was taken', async () => {
  const operations = await openOperations();
  addTo(operations, 'a', [recording('x', { label: 'seven' })]);
  const before = operations.readDataset('a');
  expect(operations.removeDataset('a', 1000).removedMs).toBe(1000);
  expect(operations.listDatasets()).toEqual([]);
  expect(refusal(() => operations.listRecordings('a', firstPage)).code).toBe('dataset/unknown');
  expect(operations.listRemovedDatasets().map(({ name }) => name)).toEqual(['a']);
  expect(operations.restoreDataset('a')).toEqual(before);
  expect(operations.listRecordings('a', { ...firstPage, search: 'seven' }).total).toBe(1);
  operations.removeDataset('a', 1000);
  addTo(operations, 'a', [recording('y')]);
  expect(refusal(() => operations.restoreDataset('a')).code).toBe('dataset/name-taken');
  expect(operations.readDataset('a').recordings).toBe(1);
});

it('purges what was removed long ago, bit by bit, and leaves the others alone', async () => {
  const { operations, db } = await openInThisThread();
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  addTo(
    operations,
    'old',
    Array.from({ length: 250 }, (_, index) => recording(`f${index}`)),
  );
  addTo(operations, 'new', [recording('x')]);
  operations.beginScan('/data/under/way', null, Date.now());
  operations.removeDataset('old', 1000);
  expect(operations.purgeDatasets(1000)).toBe(0);
  expect(sweepRecordings({ db }, 100)).toBe(false);
  expect(operations.purgeDatasets(1001)).toBe(1);
  expect(operations.listRemovedDatasets()).toEqual([]);
  expect(refusal(() => operations.restoreDataset('old')).code).toBe('dataset/unknown');
  expect(sweepRecordings({ db }, 100)).toBe(true);
  expect(count('recordings')).toBe(151);
  while (sweepRecordings({ db }, 100));
  expect(count('recordings')).toBe(1);
  expect(count('recordings_fts')).toBe(1);
  expect(count('collections')).toBe(2);
  expect(operations.listRecordings('new', firstPage).total).toBe(1);
});

it('deletes what a cancelled scan left behind by itself', async () => {
  const file = path.join(await temporaryFolder(), 'resynth.db');
  const database = await openThread(file);
  await addOver(database, 'kept', [recording('x')]);
  const { scan } = await database.beginScan('/data/y', null, 1);
  await database.stageRecordings(
    scan,
    Array.from({ length: 2500 }, (_, index) => recording(`f${index}`)),
  );
  const grown = (await database.readState()).recordings;
  expect(grown).toBe(2501);
  await database.cancelScan(scan, false);
  await expect.poll(async () => (await database.readState()).recordings, { timeout: 20_000 }).toBe(1);
});

it('keeps settings and jobs', async () => {
  const operations = await openOperations();
  operations.setSetting('theme', { dark: true, columns: ['a'] });
  operations.setSetting('zero', 0);
  operations.setSetting('gone', 1);
  operations.setSetting('gone', undefined);
  expect(operations.readSettings()).toEqual({ theme: { dark: true, columns: ['a'] }, zero: 0 });
  for (let index = 0; index < 510; index++) {
    operations.putJob({ id: `j${index}`, startedMs: index, endedMs: null, job: { index } });
  }
  operations.putJob({ id: 'j509', startedMs: 509, endedMs: 600, job: 'done' });
  expect(operations.listJobs(1)).toEqual([{ id: 'j509', startedMs: 509, endedMs: 600, job: 'done' }]);
  expect(operations.listJobs(1000)).toHaveLength(500);
});

it('takes a name for a dataset that a removed one had', async () => {
  const operations = await openOperations();
  addTo(operations, 'a', [recording('x')]);
  operations.removeDataset('a', 1);
  addTo(operations, 'a', [recording('y'), recording('z')]);
  expect(operations.readDataset('a').recordings).toBe(2);
  expect(facts('a').id).toBe(operations.readDataset('a').id);
});
