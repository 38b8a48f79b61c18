import { renameSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeWav, writeWav } from '../../src-main/audio/write-wav.ts';
import {
  addDataset,
  type AddRequest,
  listDatasets,
  removeDataset,
  rescanDataset,
  resolveDataset,
  showDataset,
} from '../../src-main/host/datasets.ts';
import { handleDatasetsAdd, handleDatasetsShow } from '../../src-main/host/datasets-commands.ts';
import { type Home, openHome } from '../../src-main/store/home.ts';
import { datasetsAdd, datasetsShow } from '../../src-preload/contract/commands/datasets.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const never = new AbortController().signal;
const quiet = () => undefined;

function tone(file: string, level = 0.5, length = 800): void {
  writeWav(
    file,
    Float32Array.from({ length }, (_, time) => level * Math.sin(time / 5)),
    8000,
  );
}

async function folderWith(...names: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    tone(path.join(folder, name));
  }
  return folder;
}

async function emptyHome(): Promise<Home> {
  return openHome(await temporaryFolder());
}

const add = (home: Home, request: Partial<AddRequest> & { dir: string }) =>
  addDataset(home, { layout: 'auto', ...request }, quiet, never);

describe('adding', () => {
  it('indexes a folder in order of id, and shows it by name and by id', async () => {
    const home = await emptyHome();
    const dir = await folderWith('1_bo_10.wav', '0_al_0.wav', '0_al_7.wav');
    const { dataset } = await add(home, { dir, name: 'digits' });
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
    expect(await resolveDataset(home, 'digits')).toEqual(dataset);
    expect((await showDataset(home, dataset.id)).dataset).toEqual(dataset);
    expect((await listDatasets(home)).datasets).toEqual([dataset]);
    await expect(resolveDataset(home, 'digit')).rejects.toMatchObject({
      code: 'dataset/unknown',
      message: expect.stringContaining('digits'),
    });
  });

  it('tells what was skipped and why, and keeps the rest', async () => {
    const home = await emptyHome();
    const dir = await folderWith('good.wav', 'odd/"it\'s"\n🎙️.wav', `${'x'.repeat(251)}.wav`);
    await writeFile(path.join(dir, 'empty.wav'), '');
    await writeFile(path.join(dir, 'text.wav'), 'this is text, not audio');
    await writeFile(
      path.join(dir, 'cut.wav'),
      encodeWav([new Float32Array(8000)], 8000, 'pcm16').bytes.subarray(0, 999),
    );
    tone(path.join(dir, 'silent.wav'), 0);
    await symlink(dir, path.join(dir, 'odd/loop'));
    const { dataset, skipped } = await add(home, { dir, name: 'mixed' });
    expect(skipped.map(({ id, code }) => [id, code])).toEqual([
      ['cut.wav', 'audio/truncated'],
      ['empty.wav', 'dataset/file-empty'],
      ['odd/loop', 'dataset/link-loop'],
      ['text.wav', 'audio/not-audio'],
    ]);
    expect(skipped.every(({ message, remedy }) => message.length > 10 && remedy.length > 10)).toBe(true);
    expect(dataset).toMatchObject({ recordings: 4, skipped: 4, silent: 1, labels: ['odd'] });
    expect((await showDataset(home, 'mixed')).skipped).toEqual(skipped);
  });

  it('refuses folders that are none, and folders with nothing usable, naming why', async () => {
    const home = await emptyHome();
    const dir = await folderWith('a.wav');
    await expect(add(home, { dir: path.join(dir, 'none') })).rejects.toMatchObject({
      code: 'dataset/folder-missing',
    });
    await expect(add(home, { dir: path.join(dir, 'a.wav') })).rejects.toMatchObject({
      code: 'dataset/not-a-folder',
    });
    await expect(add(home, { dir: await temporaryFolder() })).rejects.toMatchObject({
      code: 'dataset/no-recordings',
    });
    const useless = await temporaryFolder();
    await writeFile(path.join(useless, 'a.wav'), 'not audio');
    await expect(add(home, { dir: useless })).rejects.toMatchObject({
      code: 'dataset/no-recordings',
      message: expect.stringContaining('a.wav'),
    });
    await expect(add(home, { dir, layout: 'fsdd' })).rejects.toMatchObject({
      code: 'dataset/layout-mismatch',
    });
    expect(await listDatasets(home)).toEqual({ datasets: [], damaged: [] });
  });

  it('refuses the same folder and the same name, unless another name is given on purpose', async () => {
    const home = await emptyHome();
    const dir = await folderWith('a.wav');
    const other = await folderWith('b.wav');
    const link = path.join(await temporaryFolder(), 'link');
    await symlink(dir, link);
    await add(home, { dir, name: 'mine' });
    await expect(add(home, { dir })).rejects.toMatchObject({ code: 'dataset/already-added' });
    await expect(add(home, { dir: link })).rejects.toMatchObject({ code: 'dataset/already-added' });
    await expect(add(home, { dir: other, name: 'mine' })).rejects.toMatchObject({
      code: 'dataset/name-taken',
    });
    expect((await add(home, { dir, name: 'mine too' })).dataset.recordings).toBe(1);
    const both = [add(home, { dir: other, name: 'race' }), add(home, { dir: other, name: 'race' })];
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes its name from the folder, made fit to be typed', async () => {
    const home = await emptyHome();
    const parent = await temporaryFolder();
    const nameOf = async (...below: string[]) => {
      const dir = path.join(parent, ...below);
      await mkdir(dir, { recursive: true });
      tone(path.join(dir, 'a.wav'));
      return (await add(home, { dir })).dataset.name;
    };
    expect(await nameOf('plain')).toBe('plain');
    expect(await nameOf('corpus', 'recordings')).toBe('corpus');
    expect(await nameOf('two\nlines 🎙️')).toBe('two lines 🎙️');
    expect(await nameOf('y'.repeat(255))).toBe('y'.repeat(100));
    for (const name of ['', '  ', 'a\nb', 'z'.repeat(101)]) {
      await expect(add(home, { dir: path.join(parent, 'plain'), name })).rejects.toMatchObject({
        code: 'dataset/name-invalid',
      });
    }
  });

  it('leaves nothing when cancelled', async () => {
    const home = await emptyHome();
    const names = Array.from({ length: 40 }, (_, index) => `${index}.wav`);
    const dir = await folderWith(...names);
    const controller = new AbortController();
    let reports = 0;
    const cancelSoon = () => {
      if (++reports === 5) controller.abort();
    };
    const adding = addDataset(home, { dir, layout: 'auto', name: 'x' }, cancelSoon, controller.signal);
    await expect(adding).rejects.toMatchObject({ code: 'internal/cancelled' });
    expect(await readdir(home.root)).toEqual([]);
    expect(await readdir(dir)).toHaveLength(40);
  });

  it('says that the folder is gone when it vanishes in the middle', async () => {
    const home = await emptyHome();
    const disk = await folderWith(
      ...Array.from({ length: 60 }, (_, index) => `speech/${index % 6}/${index}.wav`),
    );
    const dir = path.join(disk, 'speech');
    let vanished = false;
    const report = () => {
      // At one moment, as a disk that is pulled out.
      if (!vanished) renameSync(dir, path.join(disk, 'elsewhere'));
      vanished = true;
    };
    const adding = addDataset(home, { dir, layout: 'folder', name: 'x' }, report, never);
    await expect(adding).rejects.toMatchObject({ code: 'dataset/folder-missing' });
    expect(vanished).toBe(true);
    expect((await listDatasets(home)).datasets).toEqual([]);
  });
});

describe('rescanning', () => {
  it('opens only what is new or changed, and counts what is gone', async () => {
    const home = await emptyHome();
    const dir = await folderWith('a.wav', 'b.wav', 'c.wav', 'd.wav');
    const before = await add(home, { dir, name: 'r' });
    // Same size and time of change: taken to be the same file without being opened, so that even rubbish passes.
    const stamp = new Date(1_600_000_000_000);
    await utimes(path.join(dir, 'a.wav'), stamp, stamp);
    await rescanDataset(home, 'r', quiet, never);
    const size = encodeWav([new Float32Array(800)], 8000, 'pcm16').bytes.length;
    await writeFile(path.join(dir, 'a.wav'), new Uint8Array(size));
    await utimes(path.join(dir, 'a.wav'), stamp, stamp);
    tone(path.join(dir, 'b.wav'), 0.25);
    await unlink(path.join(dir, 'c.wav'));
    await copyFile(path.join(dir, 'd.wav'), path.join(dir, 'e.wav'));
    const after = await rescanDataset(home, 'r', quiet, never);
    expect(after.changes).toEqual({ added: 1, changed: 1, unchanged: 2, removed: 1 });
    expect(after.dataset).toMatchObject({ id: before.dataset.id, name: 'r', recordings: 4 });
    expect(after.dataset.splitHash).not.toBe(before.dataset.splitHash);
    expect((await showDataset(home, 'r')).dataset).toEqual(after.dataset);
  });

  it('takes up what was skipped once it is repaired, and drops what is broken now', async () => {
    const home = await emptyHome();
    const dir = await folderWith('a.wav', 'b.wav');
    await writeFile(path.join(dir, 'c.wav'), 'broken');
    await add(home, { dir, name: 'r' });
    tone(path.join(dir, 'c.wav'));
    await writeFile(path.join(dir, 'b.wav'), 'broken');
    const after = await rescanDataset(home, 'r', quiet, never);
    expect(after.changes).toEqual({ added: 1, changed: 0, unchanged: 1, removed: 1 });
    expect(after.skipped.map(({ id }) => id)).toEqual(['b.wav']);
  });

  it('keeps the dataset as it was when the folder is gone, or empty like a disk not mounted', async () => {
    const home = await emptyHome();
    const dir = await folderWith('a.wav');
    const { dataset } = await add(home, { dir, name: 'r' });
    await unlink(path.join(dir, 'a.wav'));
    await expect(rescanDataset(home, 'r', quiet, never)).rejects.toMatchObject({
      code: 'dataset/no-recordings',
    });
    await rm(dir, { recursive: true });
    await expect(rescanDataset(home, 'r', quiet, never)).rejects.toMatchObject({
      code: 'dataset/folder-missing',
    });
    expect((await showDataset(home, 'r')).dataset).toEqual(dataset);
  });
});

describe('removing', () => {
  it('forgets the dataset and never touches the recordings', async () => {
    const home = await emptyHome();
    const dir = await folderWith('a.wav', 'b.wav');
    await add(home, { dir, name: 'gone' });
    expect(await removeDataset(home, 'gone')).toEqual({ removed: 'gone', folder: dir });
    expect((await readdir(dir)).sort()).toEqual(['a.wav', 'b.wav']);
    await expect(removeDataset(home, 'gone')).rejects.toMatchObject({ code: 'dataset/unknown' });
  });

  it('removes a damaged dataset by its id, which the error names', async () => {
    const home = await emptyHome();
    const { dataset } = await add(home, { dir: await folderWith('a.wav'), name: 'hurt' });
    await writeFile(path.join(home.datasets, dataset.id, 'dataset.json'), '{');
    await expect(showDataset(home, 'hurt')).rejects.toMatchObject({
      code: 'store/damaged',
      message: expect.stringContaining(dataset.id),
    });
    expect(await removeDataset(home, dataset.id)).toEqual({ removed: dataset.id, folder: null });
    expect(await listDatasets(home)).toEqual({ datasets: [], damaged: [] });
  });
});

describe('the commands', () => {
  it('answer as the contract says, with warnings in words', async () => {
    const homeDir = await temporaryFolder();
    const dir = await folderWith('1_a_0.wav');
    await writeFile(path.join(dir, '1_a_1.wav'), '');
    tone(path.join(dir, '1_a_2.wav'), 0);
    const context = { homeDir, progress: quiet, signal: never };
    const added = await handleDatasetsAdd(datasetsAdd.input.parse({ dir, name: 'c' }), context);
    expect(datasetsAdd.output.parse(added)).toEqual(added);
    expect(added.warnings).toEqual([
      expect.stringContaining('skipped: 1'),
      expect.stringContaining('nothing but zeros: 1'),
      expect.stringContaining('train, validation'),
    ]);
    const shown = await handleDatasetsShow(datasetsShow.input.parse({ dataset: 'c', limit: 0 }), context);
    expect(shown).toMatchObject({ recordings: 2, skippedFiles: 1, skipped: [], reachable: true });
    await rm(dir, { recursive: true });
    const unreachable = await handleDatasetsShow(datasetsShow.input.parse({ dataset: 'c' }), context);
    expect(unreachable.reachable).toBe(false);
    expect(unreachable.warnings[0]).toContain(dir);
  });

  const real = referenceFolder('data', 'fsdd', 'recordings');
  it.skipIf(!real)('index the real FSDD: 3,000 recordings, 6 speakers, 300/300/2400', async () => {
    const context = { homeDir: await temporaryFolder(), progress: quiet, signal: never };
    const added = await handleDatasetsAdd(datasetsAdd.input.parse({ dir: real }), context);
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
