import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, makeFolderSync } from '../../src-main/files/folders.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe.each([
  ['makeFolder', makeFolder],
  ['makeFolderSync', async (folder: string) => makeFolderSync(folder)],
])('%s', (_name, make) => {
  it('makes every level, and leaves what is there', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b', 'c');
    await make(folder);
    writeFileSync(path.join(folder, 'kept'), '');
    await make(folder);
    expect(existsSync(path.join(folder, 'kept'))).toBe(true);
  });

  it('is done by many at once', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => make(folder)));
    expect(existsSync(folder)).toBe(true);
  });

  it('refuses a place behind a file', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(make(path.join(file, 'x'))).rejects.toMatchObject({ code: 'files/not-writable' });
    await expect(make(file)).rejects.toMatchObject({ code: 'files/not-writable' });
  });

  // Node's own recursive mkdir never comes back here.
  it.skipIf(process.platform !== 'linux')('refuses a place that holds no folders, at once', async () => {
    await expect(make('/proc/x/y')).rejects.toMatchObject({ code: 'files/not-writable' });
  });
});
