import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName, systemDetail } from './file-access.ts';

let made = 0;

/**
 * Writes a file whole or not at all: under a temporary name in the same folder, flushed to the disk, then renamed.
 * @throws {ResynthError} audio/disk-full, audio/write-failed; nothing is left behind, and what was there stays
 */
export function writeFileAtomically(file: string, parts: readonly Uint8Array[]): void {
  // A name of its own: one made from the file's could be longer than a file system allows.
  const temporary = path.join(path.dirname(file), `.resynth-${process.pid}-${made++}.tmp`);
  let fd: number | null = null;
  let left = false;
  try {
    fd = openSync(temporary, 'wx');
    left = true;
    for (const part of parts) {
      for (let done = 0; done < part.length;) done += writeSync(fd, part, done, part.length - done);
    }
    fsyncSync(fd);
    closeSync(fd);
    fd = null;
    renameSync(temporary, file);
    left = false;
  } catch (error) {
    throw asWriteError(file, error);
  } finally {
    if (fd !== null) closeSync(fd);
    if (left) rmSync(temporary, { force: true });
  }
}

function asWriteError(file: string, error: unknown): ResynthError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const name = shownName(file);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ResynthError('audio/disk-full', { file: name }, { cause: error });
  return new ResynthError(
    'audio/write-failed',
    { file: name, detail: systemDetail(error) },
    { cause: error },
  );
}
