import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  asWriteError,
  createFolderAtomic,
  isTemporaryName,
  replaceFile,
  temporaryNameFor,
  writeFileAtomic,
  writeFileAtomicSync,
} from '../../src-main/store/atomic-file.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: no space left on device, write`), { code });
}

describe('writeFileAtomic', () => {
  it('writes text, bytes and pieces, makes the folders above, and leaves nothing else', async () => {
    const folder = await temporaryFolder();
    await writeFileAtomic(path.join(folder, 'a/b/text'), 'hello');
    await writeFileAtomic(path.join(folder, 'a/b/bytes'), Uint8Array.of(1, 2, 3));
    await writeFileAtomic(path.join(folder, 'a/b/pieces'), ['one\n', Buffer.from('two\n')]);
    writeFileAtomicSync(path.join(folder, 'a/b/sync'), 'sync');
    expect(await readFile(path.join(folder, 'a/b/text'), 'utf8')).toBe('hello');
    expect([...(await readFile(path.join(folder, 'a/b/bytes')))]).toEqual([1, 2, 3]);
    expect(await readFile(path.join(folder, 'a/b/pieces'), 'utf8')).toBe('one\ntwo\n');
    expect((await readdir(path.join(folder, 'a/b'))).sort()).toEqual(['bytes', 'pieces', 'sync', 'text']);
  });

  it('writes a file whose name has the 255 bytes a file system allows', async () => {
    const file = path.join(await temporaryFolder(), 'x'.repeat(255));
    await writeFileAtomic(file, 'long');
    writeFileAtomicSync(file, 'longer');
    expect(await readFile(file, 'utf8')).toBe('longer');
  });

  it('keeps the old file, removes the temporary and names the file when the disk is full', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'state.json');
    await writeFile(file, 'old');
    const writing = replaceFile(file, async (handle) => {
      await handle.writeFile('half of the n');
      throw failure('ENOSPC');
    });
    await expect(writing).rejects.toMatchObject({
      code: 'store/disk-full',
      message: expect.stringContaining(file),
    });
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('passes on what is not a failure of the disk', async () => {
    const file = path.join(await temporaryFolder(), 'x');
    const cause = new TypeError('a mistake of ours');
    await expect(replaceFile(file, () => Promise.reject(cause))).rejects.toBe(cause);
  });

  it('refuses a path below a file by name', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'file'), '');
    await expect(writeFileAtomic(path.join(folder, 'file/below'), 'x')).rejects.toBeInstanceOf(ResynthError);
    expect(() => writeFileAtomicSync(path.join(folder, 'file/below'), 'x')).toThrow(ResynthError);
  });
});

describe('createFolderAtomic', () => {
  it('makes the folder whole or not at all', async () => {
    const folder = await temporaryFolder();
    const target = path.join(folder, 'made');
    await expect(
      createFolderAtomic(target, async (temporary) => {
        await writeFileAtomic(path.join(temporary, 'a'), '1');
        throw failure('EDQUOT');
      }),
    ).rejects.toMatchObject({ code: 'store/disk-full' });
    expect(await readdir(folder)).toEqual([]);
    await createFolderAtomic(target, (temporary) => writeFileAtomic(path.join(temporary, 'a'), '1'));
    expect(await readdir(target)).toEqual(['a']);
  });

  it('lets exactly one of two makers win', async () => {
    const target = path.join(await temporaryFolder(), 'made');
    const makers = ['1', '2'].map((text) =>
      createFolderAtomic(target, (temporary) => writeFileAtomic(path.join(temporary, 'a'), text)),
    );
    const settled = await Promise.allSettled(makers);
    expect(settled.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('names and errors', () => {
  it('recognises its own temporary names only', () => {
    expect(isTemporaryName(path.basename(temporaryNameFor('/some/file.json')))).toBe(true);
    expect(isTemporaryName('file.tmp')).toBe(false);
  });

  it.each(['EACCES', 'EROFS', 'EPERM'])('says that a place cannot be written (%s)', (code) => {
    expect(asWriteError(failure(code), '/f')).toMatchObject({ code: 'store/not-writable' });
  });
});
