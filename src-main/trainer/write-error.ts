import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { asWriteError, isOutOfRoom, shownName } from '../files/system-errors.ts';
import { isTemporaryName } from '../files/temporaries.ts';

/**
 * A failure to write into a run folder: a full disk says how the run goes on afterwards (`runs/disk-full`), anything else
 * is as for every file (`files/not-writable`).
 */
export function asRunWriteError(thrown: unknown, file: string): unknown {
  const run = runOf(file);
  if (thrown instanceof ResynthError || !isOutOfRoom(thrown) || !run) return asWriteError(thrown, file);
  return new ResynthError('runs/disk-full', { file: shownName(file), run }, { cause: thrown });
}

// Paths are runs/<id>/... ; the id is what the remedy's command needs. A run that is still being made has none.
function runOf(file: string): string | null {
  const parts = file.split(path.sep);
  const index = parts.lastIndexOf('runs');
  const id = index >= 0 ? parts[index + 1] : undefined;
  return id === undefined || isTemporaryName(id) ? null : id;
}
