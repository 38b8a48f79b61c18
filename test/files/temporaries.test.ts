import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isTemporaryName,
  removeStaleTemporaries,
  temporaryNameFor,
} from '../../src-main/files/temporaries.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('temporary names', () => {
  it('are beside the file, never the same, and recognised', () => {
    const [one, other] = [temporaryNameFor('/some/file.json'), temporaryNameFor('/some/file.json')];
    expect(path.dirname(one)).toBe(path.normalize('/some'));
    expect(one).not.toBe(other);
    expect(isTemporaryName(path.basename(one))).toBe(true);
    expect(isTemporaryName('file.tmp')).toBe(false);
  });
});

describe('removeStaleTemporaries', () => {
  it('removes what has not been touched for a day, and nothing else', async () => {
    const folder = await temporaryFolder();
    const [old, young] = [temporaryNameFor(path.join(folder, 'x')), temporaryNameFor(path.join(folder, 'x'))];
    await mkdir(path.join(old, 'below'), { recursive: true });
    await writeFile(young, '');
    await writeFile(path.join(folder, 'kept'), '');
    for (const file of [old, path.join(folder, 'kept')]) await utimes(file, 0, 0);
    await removeStaleTemporaries(folder);
    expect((await readdir(folder)).sort()).toEqual([path.basename(young), 'kept'].sort());
  });

  it('does nothing where there is no folder', async () => {
    await expect(removeStaleTemporaries('/no/such/folder')).resolves.toBeUndefined();
  });
});
