import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createFolderAtomic,
  type DiskCalls,
  realDisk,
  replaceFile,
  writeFileAtomic,
  writeFileAtomicSync,
} from '../../src-main/files/atomic-file.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: no space left on device, write`), { code });
}

/** A disk that takes `room` bytes, two at a time, and is full then. */
function diskWithRoom(room: number): DiskCalls {
  return {
    ...realDisk,
    write: (descriptor, bytes) => {
      const part = bytes.subarray(0, Math.min(2, room));
      if (part.length === 0) throw failure('ENOSPC');
      room -= part.length;
      return realDisk.write(descriptor, part);
    },
  };
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
      code: 'files/disk-full',
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

describe('writeFileAtomicSync', () => {
  it('keeps the old file and removes the temporary, wherever the disk becomes full', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'state');
    await writeFile(file, 'old');
    const whole = [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4, 5)];
    for (let room = 0; room < 5; room++) {
      expect(() => writeFileAtomicSync(file, whole, { disk: diskWithRoom(room) })).toThrow(
        expect.objectContaining({ code: 'files/disk-full', message: expect.stringContaining(file) }),
      );
      expect(await readFile(file, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['state']);
    }
    writeFileAtomicSync(file, whole, { disk: diskWithRoom(5) });
    expect([...(await readFile(file))]).toEqual([1, 2, 3, 4, 5]);
  });

  it('flushes unless told that it need not, and gives failures the name that its caller has for them', async () => {
    const file = path.join(await temporaryFolder(), 'state');
    const disk: DiskCalls = {
      ...realDisk,
      sync: () => {
        throw failure('EIO');
      },
    };
    expect(() => writeFileAtomicSync(file, 'x', { disk })).toThrow(
      expect.objectContaining({ code: 'files/not-writable' }),
    );
    const named = new Error('as the caller calls it');
    expect(() => writeFileAtomicSync(file, 'x', { disk, asError: () => named })).toThrow(named);
    writeFileAtomicSync(file, 'x', { disk, durable: false });
    expect(await readFile(file, 'utf8')).toBe('x');
  });

  it('refuses a folder that is not there where it may not make it', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'no/file');
    expect(() => writeFileAtomicSync(file, 'x', { makeFolder: false })).toThrow(
      expect.objectContaining({
        code: 'files/not-writable',
        message: expect.stringContaining('no such file or directory'),
      }),
    );
    expect(await readdir(folder)).toEqual([]);
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
    ).rejects.toMatchObject({ code: 'files/disk-full' });
    expect(await readdir(folder)).toEqual([]);
    const made = await createFolderAtomic(target, (temporary) =>
      writeFileAtomic(path.join(temporary, 'a'), '1'),
    );
    expect(made).toBe(true);
    expect(await readdir(target)).toEqual(['a']);
  });

  it('lets exactly one of two makers win', async () => {
    const target = path.join(await temporaryFolder(), 'made');
    const makers = ['1', '2'].map((text) =>
      createFolderAtomic(target, (temporary) => writeFileAtomic(path.join(temporary, 'a'), text)),
    );
    expect((await Promise.all(makers)).sort()).toEqual([false, true]);
    expect(await readdir(path.dirname(target))).toEqual(['made']);
  });
});
