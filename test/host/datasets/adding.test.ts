import { renameSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '../../../src-main/audio/write-wav.ts';
import {
  handleDatasetsAdd,
  handleDatasetsList,
  handleDatasetsShow,
  handleDatasetsSkipped,
} from '../../../src-main/host/datasets/commands.ts';
import { addDataset } from '../../../src-main/host/datasets/datasets.ts';
import { detectDataset } from '../../../src-main/host/datasets/detecting.ts';
import {
  datasetsAdd,
  datasetsDetect,
  datasetsList,
  datasetsShow,
} from '../../../src-preload/contract/commands/datasets.ts';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { referenceFolder } from '../../helpers/reference-data.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { add, contextOf, folderWith, heard, never, openServices, quiet, tone } from './dataset-services.ts';

describe('adding', () => {
  it('indexes a folder, shows it by name and by id, and tells everybody', async () => {
    const services = await openServices();
    const { database } = services;
    const events = heard(services);
    const dir = await folderWith('1_bo_10.wav', '0_al_0.wav', '0_al_7.wav');
    const dataset = await add(services, { dir, name: 'digits' });
    expect(dataset).toMatchObject({
      name: 'digits',
      folder: dir,
      layout: 'fsdd',
      recordings: 3,
      skipped: 0,
      silent: 0,
      speakers: ['al', 'bo'],
      labels: ['0', '1'],
      splits: { train: 1, validation: 1, test: 1 },
    });
    expect(dataset.durationSec).toBeCloseTo(0.3, 6);
    expect(await database.readDataset('digits')).toEqual(dataset);
    expect(await database.readDataset(dataset.id)).toEqual(dataset);
    const listed = datasetsList.output.parse(await handleDatasetsList({}, contextOf(services)));
    expect(listed).toMatchObject({ datasets: [{ id: dataset.id, reachable: true }], damaged: [] });
    expect(events).toMatchObject([{ name: 'dataset changed', payload: { dataset: { id: dataset.id } } }]);
    await expect(database.readDataset('digit')).rejects.toMatchObject({
      code: 'dataset/unknown',
      message: expect.stringContaining('digits'),
    });
  });

  it('tells what was skipped and why, and keeps the rest', async () => {
    const services = await openServices();
    const dir = await folderWith('good.wav', 'odd/"it\'s"\n🎙️.wav', `${'x'.repeat(251)}.wav`);
    await writeFile(path.join(dir, 'empty.wav'), '');
    await writeFile(path.join(dir, 'text.wav'), 'this is text, not audio');
    await writeFile(
      path.join(dir, 'cut.wav'),
      encodeWav([new Float32Array(8000)], 8000, 'pcm16').bytes.subarray(0, 999),
    );
    tone(path.join(dir, 'silent.wav'), 0);
    await symlink(dir, path.join(dir, 'odd/loop'));
    const context = contextOf(services);
    const added = datasetsAdd.output.parse(
      await handleDatasetsAdd(datasetsAdd.input.parse({ dir, name: 'mixed' }), context),
    );
    expect(added.skipped.map(({ id, code }) => [id, code])).toEqual([
      ['cut.wav', 'audio/truncated'],
      ['empty.wav', 'dataset/file-empty'],
      ['odd/loop', 'dataset/link-loop'],
      ['text.wav', 'audio/not-audio'],
    ]);
    expect(added.skipped.every(({ message, remedy }) => message.length > 10 && remedy.length > 10)).toBe(
      true,
    );
    expect(added).toMatchObject({ recordings: 4, skippedFiles: 4, silentRecordings: 1, labels: ['odd'] });
    const paged = await handleDatasetsSkipped({ dataset: 'mixed', offset: 1, limit: 2 }, context);
    expect(paged).toMatchObject({ total: 4, rows: added.skipped.slice(1, 3) });
    expect(paged.reasons.reduce((sum, { entries }) => sum + entries, 0)).toBe(4);
  });

  it('refuses folders that are none, and folders with nothing usable, naming why', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav');
    await expect(add(services, { dir: path.join(dir, 'none') })).rejects.toMatchObject({
      code: 'dataset/folder-missing',
    });
    await expect(add(services, { dir: path.join(dir, 'a.wav') })).rejects.toMatchObject({
      code: 'dataset/not-a-folder',
    });
    await expect(add(services, { dir: await temporaryFolder() })).rejects.toMatchObject({
      code: 'dataset/no-recordings',
    });
    const useless = await temporaryFolder();
    await writeFile(path.join(useless, 'a.wav'), 'not audio');
    await expect(add(services, { dir: useless })).rejects.toMatchObject({
      code: 'dataset/no-recordings',
      message: expect.stringContaining('a.wav'),
    });
    await expect(add(services, { dir, layout: 'fsdd' })).rejects.toMatchObject({
      code: 'dataset/layout-mismatch',
    });
    expect(await services.database.listDatasets()).toEqual([]);
  });

  it('refuses the same folder and the same name, unless another name is given on purpose', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav');
    const other = await folderWith('b.wav');
    const link = path.join(await temporaryFolder(), 'link');
    await symlink(dir, link);
    await add(services, { dir, name: 'mine' });
    await expect(add(services, { dir })).rejects.toMatchObject({ code: 'dataset/already-added' });
    await expect(add(services, { dir: link })).rejects.toMatchObject({ code: 'dataset/already-added' });
    await expect(add(services, { dir: other, name: 'mine' })).rejects.toMatchObject({
      code: 'dataset/name-taken',
    });
    expect((await add(services, { dir, name: 'mine too' })).recordings).toBe(1);
    const both = [add(services, { dir: other, name: 'race' }), add(services, { dir: other, name: 'race' })];
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes its name from the folder, made fit to be typed', async () => {
    const services = await openServices();
    const parent = await temporaryFolder();
    const nameOf = async (...below: string[]) => {
      const dir = path.join(parent, ...below);
      await mkdir(dir, { recursive: true });
      tone(path.join(dir, 'a.wav'));
      return (await add(services, { dir })).name;
    };
    expect(await nameOf('plain')).toBe('plain');
    expect(await nameOf('corpus', 'recordings')).toBe('corpus');
    expect(await nameOf('two\nlines 🎙️')).toBe('two lines 🎙️');
    expect(await nameOf('y'.repeat(255))).toBe('y'.repeat(100));
    for (const name of ['', '  ', 'a\nb', 'z'.repeat(101)]) {
      await expect(add(services, { dir: path.join(parent, 'plain'), name })).rejects.toMatchObject({
        code: 'dataset/name-invalid',
      });
    }
  });

  it('leaves nothing when cancelled', async () => {
    const services = await openServices();
    const dir = await folderWith(...Array.from({ length: 400 }, (_, index) => `${index}.wav`));
    const controller = new AbortController();
    const progress = ({ done = 0 }: ProgressEvent) => {
      if (done > 0) controller.abort();
    };
    const adding = addDataset(
      services,
      { dir, layout: 'auto', name: 'x' },
      { progress, signal: controller.signal },
    );
    await expect(adding).rejects.toMatchObject({ code: 'internal/cancelled' });
    expect(await services.database.listDatasets()).toEqual([]);
    // Not even what it had measured: the next scan reads all.
    expect(await services.database.beginScan(dir, null, 0)).toMatchObject({ known: 0, measured: 0 });
    expect(await readdir(dir)).toHaveLength(400);
  });

  it('says that the folder is gone when it vanishes in the middle', async () => {
    const services = await openServices();
    const disk = await folderWith(
      ...Array.from({ length: 60 }, (_, index) => `speech/${index % 6}/${index}.wav`),
    );
    const dir = path.join(disk, 'speech');
    let vanished = false;
    const progress = () => {
      // At one moment, as a disk that is pulled out.
      if (!vanished) renameSync(dir, path.join(disk, 'elsewhere'));
      vanished = true;
    };
    const adding = addDataset(services, { dir, layout: 'folder', name: 'x' }, { progress, signal: never });
    await expect(adding).rejects.toMatchObject({ code: 'dataset/folder-missing' });
    expect(vanished).toBe(true);
    expect(await services.database.listDatasets()).toEqual([]);
  });

  it('warns of what is missing before somebody trains on it', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav', 'b.wav');
    tone(path.join(dir, 'silent.wav'), 0);
    await writeFile(path.join(dir, 'text.wav'), 'not audio');
    const context = contextOf(services);
    const added = await handleDatasetsAdd(datasetsAdd.input.parse({ dir, name: 'c' }), context);
    expect(added.warnings).toEqual([
      expect.stringContaining('skipped: 1'),
      expect.stringContaining('zeros: 1'),
      expect.stringContaining('No recording falls into'),
    ]);
    renameSync(dir, `${dir}-elsewhere`);
    const gone = await handleDatasetsShow(datasetsShow.input.parse({ dataset: 'c' }), context);
    expect(gone.reachable).toBe(false);
    expect(gone.warnings[0]).toContain(dir);
  });

  const real = referenceFolder('data', 'fsdd', 'recordings');
  it.skipIf(!real)('indexes the real FSDD: 3,000 recordings, 6 speakers, 300/300/2400', async () => {
    const services = await openServices();
    const added = await handleDatasetsAdd(datasetsAdd.input.parse({ dir: real }), contextOf(services));
    expect(added).toMatchObject({
      layout: 'fsdd',
      recordings: 3000,
      skippedFiles: 0,
      silentRecordings: 0,
      splits: { train: 2400, validation: 300, test: 300 },
    });
    expect(added.speakers).toHaveLength(6);
    expect(added.hours).toBeCloseTo(0.3645, 3);
  });
});

describe('detecting', () => {
  it('says what a folder is and what would be taken, and changes nothing', async () => {
    const services = await openServices();
    const dir = await folderWith('1_bo_10.wav', '0_al_0.wav', '0_al_7.wav');
    const detect = () =>
      detectDataset(services, datasetsDetect.input.parse({ dir }), never).then((seen) =>
        datasetsDetect.output.parse(seen),
      );
    expect(await detect()).toMatchObject({
      folder: dir,
      name: path.basename(dir),
      layout: 'fsdd',
      files: 3,
      complete: true,
      speakers: ['al', 'bo'],
      splits: { train: 1, validation: 1, test: 1 },
      already: null,
    });
    const { candidates } = await detect();
    expect(candidates.filter(({ matches }) => matches).map(({ layout }) => layout)).toEqual([
      'fsdd',
      'folder',
    ]);
    expect(await services.database.listDatasets()).toEqual([]);
    await add(services, { dir, name: 'it' });
    expect((await detect()).already).toBe('it');
    const empty = datasetsDetect.input.parse({ dir: await temporaryFolder() });
    expect((await detectDataset(services, empty, never)).warnings).toHaveLength(1);
    const none = detectDataset(services, datasetsDetect.input.parse({ dir: `${dir}x` }), never);
    await expect(none).rejects.toMatchObject({ code: 'dataset/folder-missing' });
  });

  it('can be cancelled at any time', async () => {
    const services = await openServices();
    const cancelled = detectDataset(
      services,
      datasetsDetect.input.parse({ dir: await folderWith('a.wav') }),
      AbortSignal.abort(),
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'internal/cancelled' });
    expect(quiet.signal.aborted).toBe(false);
  });
});
