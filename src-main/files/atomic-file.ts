import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, makeFolderSync } from './folders.ts';
import { asWriteError, errorCode } from './system-errors.ts';
import { temporaryNameFor } from './temporaries.ts';

/**
 * Files that are either the old ones or the new ones, whatever moment the process or the machine dies:
 * written under a temporary name, flushed to the disk, renamed over the old one, and the folder flushed.
 */

/** The calls that put bytes on a disk; tests put a disk that fills up in their place. */
export interface DiskCalls {
  /** Gives the number of bytes written, which may be fewer than asked. */
  write(descriptor: number, bytes: Uint8Array): number;
  sync(descriptor: number): void;
}

/** The disk itself. */
export const realDisk: DiskCalls = {
  write: (descriptor, bytes) => writeSync(descriptor, bytes),
  sync: (descriptor) => fsyncSync(descriptor),
};

export interface AtomicWriteOptions {
  /** False skips the flushes: for files that may be lost with the machine's power but never be half written. */
  durable?: boolean;
  /** False refuses a folder that is not there instead of making it. */
  makeFolder?: boolean;
  disk?: DiskCalls;
  /** What a failure becomes; `asWriteError` without it. */
  asError?: (thrown: unknown, file: string) => unknown;
}

/** What may be written without blocking: one piece, or pieces as they come. */
export type AtomicContent =
  string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes a whole file atomically and durably; missing folders above it are made.
 *
 * @throws ResynthError files/disk-full, files/not-writable: the old file is untouched and no temporary is left.
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

/**
 * The same, blocking, for a loop that must not be interleaved with anything else: `content` is a text, or pieces that
 * follow one another.
 */
export function writeFileAtomicSync(
  file: string,
  content: string | Iterable<Uint8Array>,
  options: AtomicWriteOptions = {},
): void {
  const { durable = true, makeFolder: makesFolder = true, disk = realDisk, asError = asWriteError } = options;
  const folder = path.dirname(file);
  const temporary = temporaryNameFor(file);
  try {
    if (makesFolder) makeFolderSync(folder);
    const descriptor = openSync(temporary, 'wx');
    try {
      for (const piece of typeof content === 'string' ? [Buffer.from(content)] : content) {
        writeAll(disk, descriptor, piece);
      }
      if (durable) disk.sync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    if (durable) syncFolderSync(folder);
  } catch (thrown) {
    discardSync(temporary);
    throw asError(thrown, file);
  }
}

/** Writes the whole of `bytes`: a single write may take only part of them. */
export function writeAll(disk: Pick<DiskCalls, 'write'>, descriptor: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) offset += disk.write(descriptor, bytes.subarray(offset));
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
  try {
    await makeFolder(path.dirname(file));
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
    await discard(temporary);
    throw asWriteError(thrown, file);
  }
}

/**
 * Makes a folder that is complete or not there: `fill` writes into a temporary folder (with `writeFileAtomic`, so that
 * its files are flushed), which is then renamed. Of two processes that make the same one exactly one succeeds.
 *
 * @returns false where `folder` is there already and not empty: nothing was changed.
 * @throws ResynthError files/disk-full, files/not-writable; what `fill` throws. No temporary is left.
 */
export async function createFolderAtomic(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<boolean> {
  const temporary = temporaryNameFor(folder);
  try {
    await makeFolder(path.dirname(folder));
    await mkdir(temporary);
    await fill(temporary);
    if (!(await renameUnlessTaken(temporary, folder))) {
      await discard(temporary);
      return false;
    }
    await syncFolder(path.dirname(folder));
    return true;
  } catch (thrown) {
    await discard(temporary);
    throw asWriteError(thrown, folder);
  }
}

async function renameUnlessTaken(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw thrown;
  }
}

/** What kept the file from being written is told; a temporary that cannot be removed either is found as a stale one later. */
async function discard(temporary: string): Promise<void> {
  await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
}

function discardSync(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    // As above.
  }
}

/** Flushes a folder's list of names, without which a rename may be forgotten in a power cut. */
async function syncFolder(folder: string): Promise<void> {
  // Windows has no way to open a folder for that; its journal orders renames by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes a folder's list of names, without which a rename may be forgotten in a power cut; blocking. */
export function syncFolderSync(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
