import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseFolderLayout, countFiles, detectFolder, scanFolder } from '../../src-main/corpora/scout.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const never = new AbortController().signal;

async function folderOf(count: number): Promise<string> {
  const dir = await temporaryFolder();
  await mkdir(path.join(dir, 'a'));
  await Promise.all(
    Array.from({ length: count }, (_, index) => writeFile(path.join(dir, 'a', `${index}.wav`), 'x')),
  );
  return dir;
}

describe('the thread that looks at folders', () => {
  it('scans in batches, counts, and recognises, one after the other', async () => {
    const dir = await folderOf(2500);
    expect(await chooseFolderLayout(dir, 'auto', never)).toMatchObject({ layout: 'folder', real: dir });
    const ids = new Set<string>();
    for await (const { files, skipped } of scanFolder(dir, 'folder', never)) {
      expect(files.length).toBeLessThan(2500);
      expect(skipped).toEqual([]);
      for (const { id } of files) ids.add(id);
    }
    expect(ids.size).toBe(2500);
    const counts: [number, boolean][] = [];
    await countFiles(dir, 'folder', (files, ended) => counts.push([files, ended]), never);
    expect(counts.at(-1)).toEqual([2500, true]);
    expect(await detectFolder(dir, 'auto', never)).toMatchObject({
      files: 2500,
      bytes: 2500,
      complete: true,
    });
  });

  it('reads on only as its batches are taken', async () => {
    const dir = await folderOf(8000);
    const scanning = scanFolder(dir, 'folder', never);
    await scanning.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    // What was on its way by then is known; the rest has not been looked at, and is gone.
    await rm(path.join(dir, 'a'), { recursive: true });
    let count = 1024;
    for await (const { files } of scanning) count += files.length;
    expect(count).toBeGreaterThan(2000);
    expect(count).toBeLessThan(7000);
  });

  it('brings errors back as they are, and can be used again', async () => {
    const dir = await folderOf(1);
    const missing = path.join(dir, 'none');
    await expect(detectFolder(missing, 'auto', never)).rejects.toMatchObject({
      code: 'dataset/folder-missing',
    });
    await expect(scanFolder(missing, 'folder', never).next()).rejects.toMatchObject({
      code: 'dataset/folder-missing',
    });
    expect((await detectFolder(dir, 'auto', never)).files).toBe(1);
  });

  it('ends at a signal, in the middle too, and leaves nothing that others would wait for', async () => {
    const dir = await folderOf(6000);
    await expect(scanFolder(dir, 'folder', AbortSignal.abort()).next()).rejects.toMatchObject({
      code: 'internal/cancelled',
    });
    const controller = new AbortController();
    const scanning = scanFolder(dir, 'folder', controller.signal);
    await scanning.next();
    controller.abort();
    await expect(
      (async () => {
        for await (const _batch of scanning);
      })(),
    ).rejects.toMatchObject({ code: 'internal/cancelled' });
    const left = scanFolder(dir, 'folder', never);
    for await (const _batch of left) break;
    expect((await detectFolder(dir, 'auto', never)).files).toBe(6000);
  });
});
