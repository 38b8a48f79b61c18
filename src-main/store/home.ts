import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';

/** Where everything Resynth writes lives: one data folder. The recordings themselves are linked, never copied. */
export interface Home {
  root: string;
  /** The index: datasets, recordings, what runs have logged. Written by the one process that owns the data folder. */
  database: string;
  /** What a run trains on: one list of recordings for each split hash. */
  manifests: string;
  /** One folder a run. */
  runs: string;
  /** Feature caches, keyed by content and pipeline; may be deleted at any time. */
  features: string;
  /** Sound and pictures that were derived from runs and recordings; may be deleted at any time. */
  media: string;
  /** Codes of splits, by run, checkpoint and split hash; may be deleted at any time. */
  latents: string;
  /** What was deleted and can still be brought back. */
  trash: string;
  /** Held by the process that owns the data folder. */
  lock: string;
  /** Where that process listens: the path of a local socket, on Windows the name of a pipe. */
  socket: string;
}

/** The shortest limit that a system sets on the path of a socket is 104 bytes, the final zero among them. */
const longestSocketPath = 100;

/**
 * The data folder's layout. Without `root`: $RESYNTH_HOME, else the platform's place for application data. Nothing is
 * made yet.
 *
 * @throws ResynthError files/home-not-a-folder.
 */
export function openHome(root?: string): Home {
  const base = path.resolve(root ?? process.env.RESYNTH_HOME ?? defaultRoot());
  const obstacle = fileOnTheWay(base);
  if (obstacle !== null) throw new ResynthError('files/home-not-a-folder', { folder: base, obstacle });
  return {
    root: base,
    database: path.join(base, 'resynth.db'),
    manifests: path.join(base, 'manifests'),
    runs: path.join(base, 'runs'),
    features: path.join(base, 'features'),
    media: path.join(base, 'media'),
    latents: path.join(base, 'latents'),
    trash: path.join(base, 'trash'),
    lock: path.join(base, 'host.lock'),
    socket: socketFor(base),
  };
}

/** The same for everybody who names the same folder; where its own path is too long for a socket, a name made from it. */
function socketFor(base: string): string {
  const digest = createHash('sha256').update(base).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\resynth-${digest}`;
  const inside = path.join(base, 'host.sock');
  if (Buffer.byteLength(inside) <= longestSocketPath) return inside;
  return path.join(os.tmpdir(), `resynth-${digest}.sock`);
}

/** The nearest thing that exists at or above `folder`, where it is not a folder. */
function fileOnTheWay(folder: string): string | null {
  for (let at = folder; ; at = path.dirname(at)) {
    const stat = statSync(at, { throwIfNoEntry: false });
    if (stat) return stat.isDirectory() ? null : at;
    if (at === path.dirname(at)) return null;
  }
}

/** Where the data folder is for who says nothing: the place of this system for the data of applications. */
export function defaultRoot(): string {
  if (process.platform === 'win32') return path.join(process.env.APPDATA ?? os.homedir(), 'Resynth');
  if (process.platform === 'darwin')
    return path.join(os.homedir(), 'Library', 'Application Support', 'Resynth');
  return path.join(process.env.XDG_DATA_HOME ?? path.join(os.homedir(), '.local', 'share'), 'resynth');
}
