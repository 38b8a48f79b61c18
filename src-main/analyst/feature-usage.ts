import { appendFileSync, readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { asWriteError, errorCode } from '../files/system-errors.ts';
import { featureFiles } from './feature-file.ts';

/**
 * Who needs a feature cache: beside it a file `<key>.used` with the split hashes of the recordings that it was made for or
 * opened for, one a line. A cache may serve several, since its key is by content.
 */
function usageFile(folder: string, key: string): string {
  return path.join(folder, `${key}.used`);
}

/**
 * Notes that a cache serves the recordings of a split hash.
 *
 * @throws ResynthError files/disk-full, files/not-writable.
 */
export function markFeaturesUsed(folder: string, key: string, splitHash: string): void {
  const file = usageFile(folder, key);
  try {
    if (linesOf(readFileSync(file, 'utf8')).includes(splitHash)) return;
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw asWriteError(thrown, file);
  }
  try {
    // Appended, not replaced: two trainers may note it at once.
    appendFileSync(file, `${splitHash}\n`);
  } catch (thrown) {
    throw asWriteError(thrown, file);
  }
}

/**
 * Removes the caches that none of the wanted split hashes needs, and gives back how many. One of which it is not known
 * whom it serves is left. Files that a trainer has open stay readable to it, or (Windows) are left for the next time.
 */
export async function removeUnusedFeatures(folder: string, wanted: ReadonlySet<string>): Promise<number> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  let removed = 0;
  for (const name of names.filter((one) => one.endsWith('.used'))) {
    const key = path.basename(name, '.used');
    const users = linesOf(await readFile(usageFile(folder, key), 'utf8'));
    if (users.some((user) => wanted.has(user))) continue;
    const files = featureFiles(folder, key);
    try {
      // Without its index there is no cache: killed in between, the rest is only a file that nobody opens.
      for (const file of [files.index, files.rows, usageFile(folder, key)]) await rm(file, { force: true });
      removed++;
    } catch (thrown) {
      const code = errorCode(thrown);
      if (code !== 'EBUSY' && code !== 'EPERM') throw thrown;
    }
  }
  return removed;
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
