import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { makeFolder } from '../../files/folders.ts';
import { shownName, systemDetail } from '../../files/system-errors.ts';
import { type FileLock, type LockHolder, tryLockFile } from '../../processes/lock-file.ts';
import type { Home } from '../../store/home.ts';

/** The right of this process to work in a data folder; there is one at a time. */
export interface Ownership {
  readonly root: string;
  /** Whether it was taken over from a process that had died. */
  readonly tookOver: boolean;
  release(): void;
}

/**
 * Takes a data folder unless a living process has it: then that one. Of many processes that try at once exactly one
 * succeeds. A process of another machine (a shared disk) counts as living: two hosts on one database would damage it.
 *
 * @throws ResynthError host/home-not-writable.
 */
export async function tryOwn(home: Home): Promise<{ owned: Ownership } | { holder: LockHolder }> {
  try {
    await makeFolder(home.root);
    const attempt = tryLockFile(home.lock, 'held');
    if ('holder' in attempt) return attempt;
    return { owned: ownership(home.root, attempt.lock) };
  } catch (thrown) {
    const cause = thrown instanceof ResynthError ? (thrown.cause ?? thrown) : thrown;
    const detail = systemDetail(cause);
    throw new ResynthError(
      'host/home-not-writable',
      { folder: shownName(home.root), detail },
      { cause: thrown },
    );
  }
}

function ownership(root: string, lock: FileLock): Ownership {
  return { root, tookOver: lock.tookOver, release: () => lock.release() };
}
