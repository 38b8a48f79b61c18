import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';

/** Where everything Resynth writes lives: one data folder. The recordings themselves are linked, never copied. */
export interface Home {
  root: string;
  /** One folder a dataset: dataset.json, recordings.jsonl, skipped.jsonl. */
  datasets: string;
  /** One folder a run. */
  runs: string;
  /** Feature caches, keyed by content and pipeline; may be deleted at any time. */
  features: string;
}

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
    datasets: path.join(base, 'datasets'),
    runs: path.join(base, 'runs'),
    features: path.join(base, 'features'),
  };
}

/** The nearest thing that exists at or above `folder`, where it is not a folder. */
function fileOnTheWay(folder: string): string | null {
  for (let at = folder; ; at = path.dirname(at)) {
    const stat = statSync(at, { throwIfNoEntry: false });
    if (stat) return stat.isDirectory() ? null : at;
    if (at === path.dirname(at)) return null;
  }
}

function defaultRoot(): string {
  if (process.platform === 'win32') return path.join(process.env.APPDATA ?? os.homedir(), 'Resynth');
  if (process.platform === 'darwin')
    return path.join(os.homedir(), 'Library', 'Application Support', 'Resynth');
  return path.join(process.env.XDG_DATA_HOME ?? path.join(os.homedir(), '.local', 'share'), 'resynth');
}
