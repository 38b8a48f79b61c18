import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { readFileFacts } from './source-file.ts';
import type { IndexedFile } from './tasks.ts';
import { statSync } from 'node:fs';
import { errorCode, shownName, systemDetail } from '../files/system-errors.ts';

/**
 * Refuses a recording that is not the one that was indexed. A file that was only touched, its bytes being the same, is
 * taken: its hash says so.
 *
 * @throws ResynthError dataset/file-vanished, dataset/file-changed, dataset/file-unreadable: each names the rescan.
 */
export function refuseChanged(file: IndexedFile): void {
  const shown = { file: shownName(file.id) };
  let about;
  try {
    about = statSync(file.path);
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ResynthError('dataset/file-vanished', shown);
    const detail = systemDetail(thrown);
    throw new ResynthError('dataset/file-unreadable', { ...shown, detail }, { cause: thrown });
  }
  if (about.size === file.bytes && about.mtimeMs === file.modifiedMs) return;
  const same =
    about.size === file.bytes && readFileFacts(file.path, file.id).contentHash === file.contentHash;
  if (!same) throw new ResynthError('dataset/file-changed', shown);
}
