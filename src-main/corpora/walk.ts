import { type Dir, type Dirent, opendirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode, ErrorParams } from '../../src-preload/contract/errors/catalogue.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { errorCode, shownName, systemDetail } from '../files/system-errors.ts';
import type { ScanOptions } from './corpus.ts';
import { decodeName, isAudioName, isHiddenName } from './names.ts';
import type { SkippedFile } from './recording.ts';
import { FileStats } from './stats.ts';

/** An audio file of a tree. */
export interface WalkedFile {
  /** Path relative to the walked folder, with forward slashes. */
  id: string;
  bytes: number;
  modifiedMs: number;
}

export type WalkItem = { kind: 'file'; file: WalkedFile } | { kind: 'skipped'; skipped: SkippedFile };

export interface WalkOptions extends ScanOptions {
  /** Below the folder itself too; links to folders are followed only then. */
  recursive: boolean;
}

/** Entries that come out at once: one at a time would cost more than reading them. */
const batchSize = 512;

interface Place {
  id: string;
  path: string;
}

interface Folder extends Place {
  /** Path without any link in it. */
  real: string;
}

/**
 * Streams the audio files of a folder in batches, never holding a whole listing: 300,000 files cost no more memory than
 * one batch. Listing blocks (it is three times as fast as the way that does not): run it in a thread of its own.
 *
 * Hidden names and files that are not audio are passed over in silence. Links are followed after everything else, in
 * order of name, and never into what is read anyway, so neither a loop nor two links to one place can count a
 * recording twice, and the outcome does not depend on the order of the listing. Unreadable folders, broken links, names
 * that are not UTF-8 and things that are not files come out as skipped, with the reason.
 *
 * @throws ResynthError dataset/folder-missing, dataset/not-a-folder, dataset/folder-unreadable for the folder itself;
 *   internal/cancelled.
 */
export async function* walkAudio(root: string, options: WalkOptions): AsyncGenerator<WalkItem[]> {
  const realRoot = await realFolder(root);
  const stats = new FileStats();
  /** Real paths of the folders that were entered through links, and of the files that were. */
  const linked = new Set<string>();
  const seen: Seen = {
    covered: (real) => [realRoot, ...linked].some((folder) => isWithin(real, folder)),
    entered: (real) => real === realRoot || linked.has(real),
    enter: (real) => linked.add(real),
  };
  const links: Place[] = [];
  const folders: Folder[] = [{ id: '', path: root, real: realRoot }];

  for (;;) {
    const folder = folders.pop();
    if (folder) {
      yield* readFolder(folder, root, options, folders, links, seen, stats);
      continue;
    }
    links.sort((a, b) => (a.id < b.id ? 1 : -1));
    const link = links.pop();
    if (!link) return;
    const items = await followLink(link, root, options, folders, seen, stats);
    if (items.length > 0) yield items;
  }
}

/** What has been reached through links so far, beside the walked folder itself. */
interface Seen {
  /** Whether a real path lies in something that is read anyway. */
  covered(real: string): boolean;
  /** Whether it is itself where reading once began. */
  entered(real: string): boolean;
  enter(real: string): void;
}

async function* readFolder(
  folder: Folder,
  root: string,
  options: WalkOptions,
  folders: Folder[],
  links: Place[],
  seen: Seen,
  stats: FileStats,
): AsyncGenerator<WalkItem[]> {
  let listing: Dir | null = null;
  try {
    // Names as bytes: a name that is not UTF-8 must be reported, and Node would replace its odd bytes silently.
    listing = opendirSync(folder.path, { encoding: 'buffer' as BufferEncoding, bufferSize: batchSize });
    for (let ended = false; !ended;) {
      throwIfAborted(options.signal);
      const items: WalkItem[] = [];
      const files: Place[] = [];
      while (items.length + files.length < batchSize) {
        const entry = listing.readSync() as Dirent<Buffer> | null;
        if (entry === null) {
          ended = true;
          break;
        }
        const decoded = decodeName(entry.name);
        const name = decoded.valid ? decoded.name : decoded.shown;
        const kind = classify(entry, name, options.recursive);
        if (kind === 'ignored') continue;
        const id = folder.id === '' ? name : `${folder.id}/${name}`;
        const here = { id, path: `${folder.path}${path.sep}${name}` };
        if (!decoded.valid) items.push(skip(id, 'dataset/name-not-utf8', { file: id }));
        else if (kind === 'folder') {
          const real = path.join(folder.real, name);
          // A link led into this folder before, and now another one to a folder around it.
          if (seen.entered(real))
            items.push(skip(id, 'dataset/link-already-read', { file: id, target: real }));
          else folders.push({ ...here, real });
        } else if (kind === 'link') links.push(here);
        else if (kind === 'special') items.push(skip(id, 'dataset/not-a-file', { file: id }));
        else files.push(here);
      }
      if (options.namesOnly === true) {
        for (const { id } of files) items.push({ kind: 'file', file: { id, bytes: 0, modifiedMs: 0 } });
      } else await describeFiles(files, stats, items);
      if (items.length > 0) yield items;
    }
  } catch (thrown) {
    if (thrown instanceof ResynthError) throw thrown;
    // A folder in the middle of the tree that cannot be listed is one entry of the report; the root is the end of it.
    const error = folderError(folder.id === '' ? root : folder.id, thrown);
    if (folder.id === '') throw error;
    yield [skip(folder.id, error.code, error.params)];
  } finally {
    listing?.closeSync();
  }
}

type Kind = 'ignored' | 'file' | 'folder' | 'link' | 'special';

function classify(entry: Dirent<Buffer>, name: string, recursive: boolean): Kind {
  if (isHiddenName(name)) return 'ignored';
  if (entry.isDirectory()) return recursive ? 'folder' : 'ignored';
  // A link's name says nothing sure: 'speakers' may lead to a folder, 'a.wav' may as well.
  if (entry.isSymbolicLink()) return isAudioName(name) || recursive ? 'link' : 'ignored';
  if (!isAudioName(name)) return 'ignored';
  return entry.isFile() ? 'file' : 'special';
}

async function followLink(
  link: Place,
  root: string,
  options: WalkOptions,
  folders: Folder[],
  seen: Seen,
  stats: FileStats,
): Promise<WalkItem[]> {
  let real: string;
  let about: Stats;
  try {
    real = realpathSync(link.path);
    about = statSync(real);
  } catch (thrown) {
    return [skip(link.id, 'dataset/link-broken', { file: link.id, detail: systemDetail(thrown) })];
  }
  if (about.isFile() && !isAudioName(link.id)) return [];
  if (about.isDirectory() && !options.recursive) return [];
  if (about.isDirectory() && isWithin(realpathSync(path.dirname(link.path)), real)) {
    return [skip(link.id, 'dataset/link-loop', { file: link.id, target: real })];
  }
  if (seen.covered(real)) {
    // A link to a recording or folder inside `root` is common and harmless; said all the same, for it is not counted.
    return [skip(link.id, 'dataset/link-already-read', { file: link.id, target: shorten(real, root) })];
  }
  seen.enter(real);
  const items: WalkItem[] = [];
  if (about.isDirectory()) folders.push({ ...link, real });
  else if (about.isFile()) await describeFiles([link], stats, items);
  else items.push(skip(link.id, 'dataset/not-a-file', { file: link.id }));
  return items;
}

/** Adds to `items` what the files are. */
async function describeFiles(files: readonly Place[], stats: FileStats, items: WalkItem[]): Promise<void> {
  const facts = await stats.of(files);
  for (const [index, { id }] of files.entries()) {
    const about = facts[index];
    if (about === undefined || about instanceof Error) {
      items.push(
        errorCode(about) === 'ENOENT'
          ? skip(id, 'dataset/file-vanished', { file: id })
          : skip(id, 'dataset/file-unreadable', { file: id, detail: systemDetail(about) }),
      );
    } else if (about.size === 0) items.push(skip(id, 'dataset/file-empty', { file: id }));
    else items.push({ kind: 'file', file: { id, bytes: about.size, modifiedMs: about.mtimeMs } });
  }
}

/** An entry of the report from a text of the catalogue; names stay on one line there, and exact in `id`. */
export function skip(
  id: string,
  code: ErrorCode,
  params: ErrorParams,
): { kind: 'skipped'; skipped: SkippedFile } {
  const shown = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? shownName(value) : value,
  ]);
  const error = new ResynthError(code, Object.fromEntries(shown) as ErrorParams);
  return { kind: 'skipped', skipped: { id, code: error.code, message: error.message, remedy: error.remedy } };
}

/**
 * The real path of a folder that can be listed.
 *
 * @throws ResynthError dataset/folder-missing, dataset/not-a-folder, dataset/folder-unreadable.
 */
export async function realFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if (!(await stat(real)).isDirectory()) throw new ResynthError('dataset/not-a-folder', { folder });
    return real;
  } catch (thrown) {
    throw thrown instanceof ResynthError ? thrown : folderError(folder, thrown);
  }
}

function folderError(folder: string, thrown: unknown): ResynthError {
  const code = errorCode(thrown);
  if (code === 'ENOENT') return new ResynthError('dataset/folder-missing', { folder }, { cause: thrown });
  if (code === 'ENOTDIR') return new ResynthError('dataset/not-a-folder', { folder }, { cause: thrown });
  return new ResynthError(
    'dataset/folder-unreadable',
    { folder, detail: systemDetail(thrown) },
    { cause: thrown },
  );
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep);
}

function shorten(target: string, root: string): string {
  const relative = path.relative(root, target);
  return relative.startsWith('..') || relative === '' ? target : relative;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ResynthError('internal/cancelled');
}
