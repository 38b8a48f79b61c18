import type { Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { foldersBrowse } from '../../../src-preload/contract/commands/folders.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { isAudioName, isHiddenName } from '../../corpora/names.ts';
import { forEachBounded } from '../../processes/bounded.ts';
import { errorCode, systemDetail } from '../../files/system-errors.ts';
import { expandHome } from './paths.ts';

type Browsed = z.output<typeof foldersBrowse.output>;
type Entry = Browsed['entries'][number];

/** Folders listed, and entries looked at: nobody picks from more, and a folder may hold 100,000. */
const mostFolders = 1000;
const mostEntries = 100_000;
const mostAudioNames = 20;
/** What a folder holds is counted by its first entries, and as long as it is quick. */
const mostCounted = 500;
const countingMs = 1000;
const countedAtOnce = 8;

/**
 * Lists the folders inside a folder, with what is directly in each.
 *
 * @throws ResynthError dataset/folder-missing, dataset/not-a-folder, dataset/folder-unreadable.
 */
export async function browseFolder(
  { dir, hidden }: z.output<typeof foldersBrowse.input>,
  signal: AbortSignal,
): Promise<Browsed> {
  const folder = path.resolve(expandHome(dir ?? '~'));
  const listed = await list(folder, hidden, signal);
  const entries: Entry[] = listed.folders
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .slice(0, mostFolders)
    .map((name) => ({ name, path: path.join(folder, name), audioFiles: null, folders: null }));
  const untilMs = performance.now() + countingMs;
  await forEachBounded(entries, countedAtOnce, async (entry) => {
    if (performance.now() < untilMs && !signal.aborted)
      Object.assign(entry, await countIn(entry.path, hidden));
  });
  const parent = path.dirname(folder);
  return {
    folder,
    parent: parent === folder ? null : parent,
    crumbs: crumbsOf(folder),
    entries,
    audioFiles: listed.audioFiles.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    audioFileCount: listed.audioFileCount,
    truncated: listed.truncated || listed.folders.length > mostFolders,
  };
}

interface Listed {
  folders: string[];
  audioFiles: string[];
  audioFileCount: number;
  truncated: boolean;
}

async function list(folder: string, hidden: boolean, signal: AbortSignal): Promise<Listed> {
  const listed: Listed = { folders: [], audioFiles: [], audioFileCount: 0, truncated: false };
  try {
    let seen = 0;
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (signal.aborted) throw new ResynthError('internal/cancelled');
      if (++seen > mostEntries) {
        listed.truncated = true;
        break;
      }
      if (!hidden && isHiddenName(entry.name)) continue;
      if (await isFolder(folder, entry)) listed.folders.push(entry.name);
      else if (isAudioName(entry.name)) {
        listed.audioFileCount++;
        if (listed.audioFiles.length < mostAudioNames) listed.audioFiles.push(entry.name);
      }
    }
  } catch (thrown) {
    throw folderError(folder, thrown);
  }
  return listed;
}

/** What is directly in a folder; nulls where it cannot be read. */
async function countIn(folder: string, hidden: boolean): Promise<Pick<Entry, 'audioFiles' | 'folders'>> {
  let audioFiles = 0;
  let folders = 0;
  let seen = 0;
  try {
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (++seen > mostCounted) break;
      if (!hidden && isHiddenName(entry.name)) continue;
      if (entry.isDirectory()) folders++;
      else if (isAudioName(entry.name)) audioFiles++;
    }
    return { audioFiles, folders };
  } catch {
    return { audioFiles: null, folders: null };
  }
}

/** A folder, or a link that leads to one; a link that leads nowhere is none. */
export async function isFolder(parent: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(path.join(parent, entry.name)).then(
    (about) => about.isDirectory(),
    () => false,
  );
}

/** From the root to the folder. */
function crumbsOf(folder: string): Browsed['crumbs'] {
  const { root } = path.parse(folder);
  const crumbs = [{ name: root, path: root }];
  for (const name of folder.slice(root.length).split(path.sep).filter(Boolean)) {
    crumbs.push({ name, path: path.join(crumbs.at(-1)?.path ?? root, name) });
  }
  return crumbs;
}

function folderError(folder: string, thrown: unknown): unknown {
  if (thrown instanceof ResynthError) return thrown;
  const code = errorCode(thrown);
  const options = { cause: thrown };
  if (code === 'ENOENT') return new ResynthError('dataset/folder-missing', { folder }, options);
  if (code === 'ENOTDIR') return new ResynthError('dataset/not-a-folder', { folder }, options);
  if (code === undefined) return thrown;
  return new ResynthError('dataset/folder-unreadable', { folder, detail: systemDetail(thrown) }, options);
}
