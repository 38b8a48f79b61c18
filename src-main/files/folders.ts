import { mkdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { asWriteError, errorCode } from './system-errors.ts';

// Node's recursive mkdir never comes back below a folder that is there and holds no folders (/proc): there the system
// says that the *parent* is missing. So each level is made by itself, from the nearest one that is there.

/**
 * Makes a folder and those above it; one that is there is left as it is.
 *
 * @throws ResynthError files/not-writable, files/disk-full.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    for (const level of missingLevels(folder)) await mkdir(level).catch(ignoreFolder(level));
  } catch (thrown) {
    throw asWriteError(thrown, folder);
  }
}

/** The same, blocking. */
export function makeFolderSync(folder: string): void {
  try {
    for (const level of missingLevels(folder)) {
      try {
        mkdirSync(level);
      } catch (thrown) {
        ignoreFolder(level)(thrown);
      }
    }
  } catch (thrown) {
    throw asWriteError(thrown, folder);
  }
}

/** Folders to be made, from the top; throws ENOTDIR where a file is in the way. */
function missingLevels(folder: string): string[] {
  const missing: string[] = [];
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const stat = statSync(at, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return missing;
    if (stat)
      throw Object.assign(new Error(`ENOTDIR: ${at} is a file, mkdir '${folder}'`), { code: 'ENOTDIR' });
    missing.unshift(at);
    if (at === path.dirname(at)) return missing;
  }
}

/** Somebody else may have made it meanwhile. */
function ignoreFolder(level: string): (thrown: unknown) => void {
  return (thrown) => {
    if (errorCode(thrown) === 'EEXIST' && statSync(level).isDirectory()) return;
    throw thrown;
  };
}
