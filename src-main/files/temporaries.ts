import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

const temporaryMark = '.tmp-';

/** Nothing that is still being written goes this long without a change. */
const staleAfterMs = 24 * 3600 * 1000;

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
