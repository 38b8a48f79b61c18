import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { errorCode, shownName, systemDetail } from '../files/system-errors.ts';

/** A regular file, open for reading. */
export interface OpenFile {
  fd: number;
  bytes: number;
  modifiedMs: number;
  /** All bytes, where they have been read already. */
  content?: Uint8Array;
}

/**
 * Opens a regular, non-empty file. Pipes, sockets and devices are refused without being opened, since reading from them
 * could wait for ever.
 * @throws {ResynthError} audio/missing, audio/unreadable, audio/not-a-file, audio/empty
 */
export function openRegularFile(file: string): OpenFile {
  let fd: number | null = null;
  try {
    refuseUnlessRegular(file, statSync(file));
    // Not blocking, and looked at once more: the name may have come to mean something else in between.
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const about = fstatSync(fd);
    refuseUnlessRegular(file, about);
    if (about.size === 0) throw new ResynthError('audio/empty', { file: shownName(file) });
    return { fd, bytes: about.size, modifiedMs: about.mtimeMs };
  } catch (error) {
    if (fd !== null) closeSync(fd);
    throw asAccessError(file, error);
  }
}

/**
 * Reads up to `target.length` bytes at `position` and gives the part that was filled.
 * @throws {ResynthError} audio/unreadable
 */
export function readAt(file: string, fd: number, target: Uint8Array, position: number): Uint8Array {
  let filled = 0;
  try {
    while (filled < target.length) {
      const count = readSync(fd, target, filled, target.length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
  } catch (error) {
    throw asAccessError(file, error);
  }
  return target.subarray(0, filled);
}

function asAccessError(file: string, error: unknown): unknown {
  const code = errorCode(error);
  if (error instanceof ResynthError || code === undefined) return error;
  const name = shownName(file);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ResynthError('audio/missing', { file: name }, { cause: error });
  }
  return new ResynthError('audio/unreadable', { file: name, detail: systemDetail(error) }, { cause: error });
}

function refuseUnlessRegular(file: string, about: Stats): void {
  if (about.isFile()) return;
  const kind = about.isDirectory()
    ? 'a folder'
    : about.isFIFO()
      ? 'a pipe'
      : about.isSocket()
        ? 'a socket'
        : 'a device';
  throw new ResynthError('audio/not-a-file', { file: shownName(file), kind });
}
