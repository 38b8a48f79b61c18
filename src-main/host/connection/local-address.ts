import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { errorCode } from '../../files/system-errors.ts';

/** Longest path of a local socket that every system takes (macOS has 104 bytes with the end mark, Linux 108). */
const longestSocketPath = 103;

/**
 * Where processes of this user meet about a data folder: a socket in the folder itself; where its path is too long for
 * one, in a folder of the user's own among the system's temporary files; on Windows a named pipe.
 *
 * @throws ResynthError host/socket-unsafe, when that temporary folder could be somebody else's.
 */
export function localAddress(root: string, name: string): string {
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return String.raw`\\.\pipe\resynth-${digest}-${name}`;
  const inHome = path.join(root, `${name}.sock`);
  if (Buffer.byteLength(inHome) <= longestSocketPath) return inHome;
  const folder = path.join(os.tmpdir(), `resynth-${os.userInfo().uid}`);
  makePrivate(folder);
  return path.join(folder, `${digest}-${name}.sock`);
}

/** Anybody may make names among the temporary files: only a folder that is ours, and ours alone, is used. */
function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (thrown) {
    if (errorCode(thrown) !== 'EEXIST') throw thrown;
  }
  const about = lstatSync(folder);
  const refuse = (detail: string): never => {
    throw new ResynthError('host/socket-unsafe', { folder, detail });
  };
  if (!about.isDirectory()) refuse('it is not a folder');
  if (about.uid !== os.userInfo().uid) refuse('it belongs to another user');
  if ((about.mode & 0o077) !== 0) refuse('other users may enter it');
}
