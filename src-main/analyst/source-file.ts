import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { errorCode, shownName, systemDetail } from '../files/system-errors.ts';

/** What can be said of a file without decoding it. */
export interface FileFacts {
  bytes: number;
  modifiedMs: number;
  /** sha256 of the bytes, hexadecimal. */
  contentHash: string;
}

const chunk = Buffer.alloc(1 << 20);

/**
 * Size, time of change and hash of a file, read in pieces: it may be larger than the memory.
 *
 * @throws ResynthError dataset/file-vanished, dataset/file-unreadable; `id` is what they call the file.
 */
export function readFileFacts(file: string, id: string): FileFacts {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const about = fstatSync(descriptor);
      const hash = createHash('sha256');
      for (;;) {
        const read = readSync(descriptor, chunk, 0, chunk.length, null);
        if (read === 0) break;
        hash.update(chunk.subarray(0, read));
      }
      return { bytes: about.size, modifiedMs: about.mtimeMs, contentHash: hash.digest('hex') };
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    throw asFileError(thrown, id);
  }
}

/**
 * Refuses a file whose bytes are not those that were indexed; null knows of none.
 *
 * @throws ResynthError dataset/file-changed, dataset/file-vanished, dataset/file-unreadable.
 */
export function refuseOtherBytes(file: string, contentHash: string | null): void {
  if (contentHash === null) return;
  if (readFileFacts(file, file).contentHash === contentHash) return;
  throw new ResynthError('dataset/file-changed', { file: shownName(file) });
}

function asFileError(thrown: unknown, id: string): ResynthError {
  const file = shownName(id);
  const code = errorCode(thrown);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ResynthError('dataset/file-vanished', { file }, { cause: thrown });
  }
  return new ResynthError(
    'dataset/file-unreadable',
    { file, detail: systemDetail(thrown) },
    { cause: thrown },
  );
}
