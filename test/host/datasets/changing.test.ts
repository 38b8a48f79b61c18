import { copyFile, cp, mkdir, readdir, rename, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '../../../src-main/audio/write-wav.ts';
import {
  relinkDataset,
  removeDataset,
  renameDataset,
  rescanDataset,
  restoreDataset,
} from '../../../src-main/host/datasets/datasets.ts';
import { writeDatasetManifest } from '../../../src-main/host/datasets/manifest.ts';
import { readManifest } from '../../../src-main/store/manifest.ts';
import { add, folderWith, heard, openServices, quiet, tone } from './dataset-services.ts';

describe('rescanning', () => {
  it('opens only what is new or changed, and counts what is gone', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav', 'b.wav', 'c.wav', 'd.wav');
    const before = await add(services, { dir, name: 'r' });
    // Same size and time of change: taken to be the same file without being opened, so that even rubbish passes.
    const stamp = new Date(1_600_000_000_000);
    await utimes(path.join(dir, 'a.wav'), stamp, stamp);
    await rescanDataset(services, 'r', quiet);
    const size = encodeWav([new Float32Array(800)], 8000, 'pcm16').bytes.length;
    await writeFile(path.join(dir, 'a.wav'), new Uint8Array(size));
    await utimes(path.join(dir, 'a.wav'), stamp, stamp);
    tone(path.join(dir, 'b.wav'), 0.25);
    await unlink(path.join(dir, 'c.wav'));
    await copyFile(path.join(dir, 'd.wav'), path.join(dir, 'e.wav'));
    const after = await rescanDataset(services, 'r', quiet);
    expect(after.changes).toEqual({ added: 1, changed: 1, unchanged: 2, removed: 1 });
    expect(after.dataset).toMatchObject({ id: before.id, name: 'r', recordings: 4 });
    expect(after.dataset.splitHash).not.toBe(before.splitHash);
    expect(await services.database.readDataset('r')).toEqual(after.dataset);
  });

  it('takes up what was skipped once it is repaired, and drops what is broken now', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav', 'b.wav');
    await writeFile(path.join(dir, 'c.wav'), 'broken');
    await add(services, { dir, name: 'r' });
    tone(path.join(dir, 'c.wav'));
    await writeFile(path.join(dir, 'b.wav'), 'broken');
    const after = await rescanDataset(services, 'r', quiet);
    expect(after.changes).toEqual({ added: 1, changed: 0, unchanged: 1, removed: 1 });
    const { rows } = await services.database.listSkipped('r', 0, 10);
    expect(rows.map(({ id }) => id)).toEqual(['b.wav']);
  });

  it('keeps the dataset as it was when the folder is gone, or empty like a disk not mounted', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav');
    const dataset = await add(services, { dir, name: 'r' });
    await unlink(path.join(dir, 'a.wav'));
    await expect(rescanDataset(services, 'r', quiet)).rejects.toMatchObject({
      code: 'dataset/no-recordings',
    });
    await rm(dir, { recursive: true });
    await expect(rescanDataset(services, 'r', quiet)).rejects.toMatchObject({
      code: 'dataset/folder-missing',
    });
    expect(await services.database.readDataset('r')).toEqual(dataset);
  });
});

describe('relinking', () => {
  it('finds the recordings of a moved folder again, opening none', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav', 'deep/b.wav');
    const before = await add(services, { dir, name: 'r' });
    const moved = `${dir}-moved`;
    await rename(dir, moved);
    const { dataset, changes } = await relinkDataset(services, 'r', moved, quiet);
    expect(changes).toEqual({ added: 0, changed: 0, unchanged: 2, removed: 0 });
    expect(dataset).toMatchObject({ id: before.id, folder: moved, splitHash: before.splitHash });
  });

  it('knows a copy by its content, though its times are others', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav', 'b.wav');
    const before = await add(services, { dir, name: 'r' });
    const copy = `${dir}-copy`;
    await cp(dir, copy, { recursive: true });
    await utimes(path.join(copy, 'a.wav'), 5, 5);
    const { dataset, changes } = await relinkDataset(services, 'r', copy, quiet);
    expect(changes).toEqual({ added: 0, changed: 0, unchanged: 2, removed: 0 });
    expect(dataset.splitHash).toBe(before.splitHash);
  });

  it('refuses a folder with none of them, and one that is not there, and changes nothing', async () => {
    const services = await openServices();
    const before = await add(services, { dir: await folderWith('a.wav'), name: 'r' });
    const other = await folderWith('other.wav');
    await expect(relinkDataset(services, 'r', other, quiet)).rejects.toMatchObject({
      code: 'dataset/relink-other',
    });
    await expect(relinkDataset(services, 'r', `${other}x`, quiet)).rejects.toMatchObject({
      code: 'dataset/folder-missing',
    });
    expect(await services.database.readDataset('r')).toEqual(before);
  });
});

describe('renaming, removing and restoring', () => {
  it('keeps the id through a new name, and tells', async () => {
    const services = await openServices();
    const { id } = await add(services, { dir: await folderWith('a.wav'), name: 'old' });
    const events = heard(services);
    expect(await renameDataset(services, 'old', ' new ')).toMatchObject({ id, name: 'new' });
    expect(events).toMatchObject([{ name: 'dataset changed', payload: { dataset: { name: 'new' } } }]);
    // The name is free again, though the id that it gives is not.
    const second = await add(services, { dir: await folderWith('b.wav'), name: 'old' });
    expect(second.id).not.toBe(id);
    await expect(renameDataset(services, 'old', 'new')).rejects.toMatchObject({ code: 'dataset/name-taken' });
    await expect(renameDataset(services, 'old', '\n')).rejects.toMatchObject({
      code: 'dataset/name-invalid',
    });
  });

  it('forgets a dataset, never touches the recordings, and brings it back whole', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav', 'b.wav');
    const before = await add(services, { dir, name: 'gone' });
    const events = heard(services);
    expect(await removeDataset(services, 'gone')).toMatchObject({ name: 'gone', folder: dir });
    expect((await readdir(dir)).sort()).toEqual(['a.wav', 'b.wav']);
    await expect(removeDataset(services, 'gone')).rejects.toMatchObject({ code: 'dataset/unknown' });
    expect(await restoreDataset(services, 'gone')).toEqual(before);
    expect((await services.database.recordingsAfter('gone', null, 10)).map(({ id }) => id)).toEqual([
      'a.wav',
      'b.wav',
    ]);
    expect(events.map(({ name }) => name)).toEqual(['dataset removed', 'dataset changed']);
  });

  it('lets the folder be added again after it was removed, and then refuses to restore over it', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav');
    await add(services, { dir, name: 'x' });
    await removeDataset(services, 'x');
    await add(services, { dir, name: 'x' });
    await expect(restoreDataset(services, 'x')).rejects.toMatchObject({ code: 'dataset/name-taken' });
  });
});

describe('writeDatasetManifest', () => {
  it('writes the recordings as they are now, under the split hash, and leaves what is there', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav', 'b.wav');
    const dataset = await add(services, { dir, name: 'm' });
    await writeDatasetManifest(services, 'm');
    const recordings = await readManifest(services.home, dataset.splitHash);
    expect(recordings).toEqual(await services.database.recordingsAfter('m', null, 10));
    await mkdir(path.join(dir, 'more'));
    tone(path.join(dir, 'more', 'c.wav'));
    const { dataset: after } = await rescanDataset(services, 'm', quiet);
    await writeDatasetManifest(services, 'm');
    expect(await readManifest(services.home, after.splitHash)).toHaveLength(3);
    expect(await readManifest(services.home, dataset.splitHash)).toHaveLength(2);
  });
});
