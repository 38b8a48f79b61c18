import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../files/system-errors.ts';
import { isTemporaryName } from '../../files/temporaries.ts';

/** What lies in the folder of what may be made again. */
export interface MediaContent {
  files: number;
  bytes: number;
}

interface KeptFile {
  file: string;
  bytes: number;
  /** When it was read or written last, as far as the system tells: many note a reading once a day only. */
  usedMs: number;
}

/** Files whose writing may just be going on are left: those of the last minutes. */
const tooNewMs = 2 * 60_000;
/** So much below the limit, so that not every new file costs a walk through all of them. */
const share = 0.9;

/** How much there is; nothing where there is no folder yet. */
export async function mediaContent(folder: string): Promise<MediaContent> {
  const files = await keptFiles(folder);
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * Removes what was not used for longest until no more than `mostBytes` are left; gives back what went. A file that another
 * program holds open (Windows) is left for the next time.
 */
export async function trimMedia(
  folder: string,
  mostBytes: number,
  nowMs = Date.now(),
): Promise<MediaContent> {
  const files = await keptFiles(folder);
  let bytes = files.reduce((sum, one) => sum + one.bytes, 0);
  const removed = { files: 0, bytes: 0 };
  if (bytes <= mostBytes) return removed;
  for (const one of files.sort((a, b) => a.usedMs - b.usedMs)) {
    if (bytes <= mostBytes * share) break;
    if (nowMs - one.usedMs < tooNewMs) break;
    if (!(await removeFile(one.file))) continue;
    bytes -= one.bytes;
    removed.files++;
    removed.bytes += one.bytes;
  }
  return removed;
}

/** Removes everything but what is being written. */
export async function clearMedia(folder: string): Promise<MediaContent> {
  const removed = { files: 0, bytes: 0 };
  for (const { file, bytes } of await keptFiles(folder)) {
    if (!(await removeFile(file))) continue;
    removed.files++;
    removed.bytes += bytes;
  }
  return removed;
}

async function removeFile(file: string): Promise<boolean> {
  try {
    await rm(file, { force: true });
    return true;
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === 'EBUSY' || code === 'EPERM') return false;
    throw thrown;
  }
}

async function keptFiles(folder: string): Promise<KeptFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((thrown: unknown) => {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  const files: KeptFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || isTemporaryName(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    // Gone by now: somebody else cleared it.
    const about = await stat(file).catch(() => null);
    if (about) files.push({ file, bytes: about.size, usedMs: Math.max(about.atimeMs, about.mtimeMs) });
  }
  return files;
}
