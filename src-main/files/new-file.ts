import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { realDisk, syncFolderSync, writeAll } from './atomic-file.ts';
import type { DiskCalls } from './atomic-file.ts';
import { asWriteError, errorCode } from './system-errors.ts';
import { temporaryNameFor } from './temporaries.ts';

/**
 * Writes a file that is whole or not there, and never takes the place of another one: of two that write the same name one
 * is refused. The folder has to be there.
 *
 * @throws ResynthError files/exists; files/disk-full, files/not-writable: no temporary is left.
 */
export function writeNewFileSync(file: string, bytes: Uint8Array, disk: DiskCalls = realDisk): void {
  const temporary = temporaryNameFor(file);
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      writeAll(disk, descriptor, bytes);
      disk.sync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    putUnlessTaken(temporary, file);
    syncFolderSync(path.dirname(file));
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') throw new ResynthError('files/exists', { file }, { cause: thrown });
    throw asWriteError(thrown, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A rename would replace what is there; a second name for the same file is refused where the name is taken. */
function putUnlessTaken(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw thrown;
    // File systems without second names (FAT on a memory stick): the name is taken first, then filled.
    const descriptor = openSync(file, 'wx');
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(temporary, file);
  }
}
