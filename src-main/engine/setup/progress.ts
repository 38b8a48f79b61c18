import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';

export type Progress = (event: ProgressEvent) => void;

/** Bytes of everything under a folder; 0 if it is not there. Files that vanish meanwhile count as nothing. */
export async function folderBytes(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const file = await stat(path.join(entry.parentPath, entry.name)).catch(() => null);
    total += file?.size ?? 0;
  }
  return total;
}

/** Calls `report` with the folder's size until stopped, so that a tool that says nothing still shows its progress. */
export function watchFolder(folder: string, report: (bytes: number) => void, everyMs = 250): () => void {
  let stopped = false;
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void folderBytes(folder).then((bytes) => {
      busy = false;
      if (!stopped) report(bytes);
    });
  }, everyMs);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
