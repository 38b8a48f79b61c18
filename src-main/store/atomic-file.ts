import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';

/**
 * Files that are either the old ones or the new ones, whatever moment the process or the machine dies:
 * written under a temporary name, flushed to the disk, renamed over the old one, and the folder flushed.
 */

/** What may be written: one piece, or pieces as they come. */
export type AtomicContent =
  string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

const temporaryMark = '.tmp-';

/** A name beside `file` that nobody else uses; `isTemporaryName` recognises it. */
export function temporaryNameFor(file: string): string {
  // Short and independent of the final name: a name of 255 bytes leaves no room for a suffix.
  return path.join(path.dirname(file), `${temporaryMark}${process.pid}-${randomBytes(6).toString('hex')}`);
}

/** Whether a file or folder name was made by `temporaryNameFor`: what a killed process may have left. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith(temporaryMark);
}

/**
 * Writes a whole file atomically and durably; missing folders above it are made.
 *
 * @throws ResynthError store/disk-full, store/not-writable: the old file is untouched and no temporary is left.
 */
export async function writeFileAtomic(file: string, content: AtomicContent): Promise<void> {
  await replaceFile(file, async (handle) => {
    if (typeof content === 'string' || content instanceof Uint8Array) {
      await handle.writeFile(content);
      return;
    }
    for await (const piece of content) await handle.writeFile(piece);
  });
}

/** The same, blocking: for a loop that must not be interleaved with anything else. */
export function writeFileAtomicSync(file: string, content: string | Uint8Array): void {
  const temporary = temporaryNameFor(file);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
  } catch (thrown) {
    throw asFolderError(thrown, file);
  }
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let written = 0; written < bytes.byteLength;) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    syncFolderSync(path.dirname(file));
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw asWriteError(thrown, file);
  }
}

/**
 * Replaces a file by what `write` puts into the temporary one; the handle is open for reading and writing.
 * Whatever `write` throws leaves the old file as it was; its errors of the file system become ResynthErrors.
 */
export async function replaceFile<Result>(
  file: string,
  write: (handle: FileHandle, temporary: string) => Promise<Result>,
): Promise<Result> {
  const temporary = temporaryNameFor(file);
  await makeFolderAbove(file);
  try {
    const handle = await open(temporary, 'wx+');
    let result: Result;
    try {
      result = await write(handle, temporary);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
    return result;
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw asWriteError(thrown, file);
  }
}

/**
 * Makes a folder that is complete or not there: `fill` writes into a temporary folder (with `writeFileAtomic`, so that
 * its files are flushed), which is then renamed. An existing non-empty `folder` is refused by the file system
 * (ENOTEMPTY or EEXIST reaches the caller as it is), so of two processes that make the same one exactly one succeeds.
 */
export async function createFolderAtomic(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryNameFor(folder);
  await makeFolderAbove(folder);
  try {
    await mkdir(temporary);
    await fill(temporary);
    await rename(temporary, folder);
    await syncFolder(path.dirname(folder));
  } catch (thrown) {
    await rm(temporary, { recursive: true, force: true });
    throw asWriteError(thrown, folder);
  }
}

async function makeFolderAbove(file: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
  } catch (thrown) {
    throw asFolderError(thrown, file);
  }
}

/** A folder that cannot be made (a file in its place among the reasons), named with what should have gone into it. */
function asFolderError(thrown: unknown, file: string): unknown {
  const error = asWriteError(thrown, file);
  if (error instanceof ResynthError || !(thrown instanceof Error)) return error;
  return new ResynthError('store/not-writable', { file, detail: thrown.message }, { cause: thrown });
}

/** Flushes a folder's list of names, without which a rename may be forgotten in a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no way to open a folder for that; its journal orders renames by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The same, blocking. */
export function syncFolderSync(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A failure to write as the user should see it: full disk and missing permission by name, all else as it was. */
export function asWriteError(thrown: unknown, file: string): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ResynthError('store/disk-full', { file }, { cause: thrown });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EIO') {
    return new ResynthError(
      'store/not-writable',
      { file, detail: (thrown as Error).message },
      { cause: thrown },
    );
  }
  return thrown;
}
