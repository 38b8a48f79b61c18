import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';

/** A regular file, open for reading. */
export interface OpenFile {
  fd: number;
  bytes: number;
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
    return { fd, bytes: about.size };
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

/** A path on one line, as messages show it: quotes and emoji as they are, control characters escaped. */
export function shownName(file: string): string {
  return file.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) =>
    JSON.stringify(character).length > 3
      ? JSON.stringify(character).slice(1, -1)
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What the system says about a failed call, without the path that Node appends: 'EACCES: permission denied'. */
export function systemDetail(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/, \w+( '.*)?$/s, '');
}

function asAccessError(file: string, error: unknown): unknown {
  if (error instanceof ResynthError || !(error instanceof Error) || !('code' in error)) return error;
  const name = shownName(file);
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
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
