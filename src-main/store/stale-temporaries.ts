import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isTemporaryName } from './atomic-file.ts';

/** Nothing that is still being written goes this long without a change. */
const staleAfterMs = 24 * 3600 * 1000;

/**
 * Removes what killed processes left half-written in a folder. Only what has not been touched for a day: another process,
 * perhaps on another machine that shares the disk, may be writing at this moment.
 */
export async function removeStaleTemporaries(folder: string, nowMs = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isTemporaryName)) {
    const file = path.join(folder, name);
    const modifiedMs = await stat(file).then(
      (about) => about.mtimeMs,
      () => nowMs,
    );
    if (nowMs - modifiedMs > staleAfterMs) await rm(file, { recursive: true, force: true });
  }
}
