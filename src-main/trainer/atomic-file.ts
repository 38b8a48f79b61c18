import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { syncFolderSync, temporaryNameFor } from '../store/atomic-file.ts';

/** The calls that put bytes on a disk; tests put a disk that fills up in their place. */
export interface DiskCalls {
  write(descriptor: number, bytes: Uint8Array): number;
  sync(descriptor: number): void;
}

export const realDisk: DiskCalls = {
  write: (descriptor, bytes) => writeSync(descriptor, bytes),
  sync: (descriptor) => fsyncSync(descriptor),
};

export interface AtomicWriteOptions {
  /** False skips both fsyncs: for files that may be lost with the machine's power but never be half written. */
  durable?: boolean;
  disk?: DiskCalls;
}

/**
 * Writes `chunks` one after the other to `file` so that a reader sees the old content or the new one, whole, whenever
 * this process or the machine dies: temporary file in the same folder, fsync, rename, fsync of the folder.
 * On failure the old file is untouched, the temporary one is removed, and a `runs/disk-full` or `runs/write-failed` is thrown.
 */
export function writeFileAtomic(
  file: string,
  chunks: Iterable<Uint8Array> | string,
  options: AtomicWriteOptions = {},
): void {
  const disk = options.disk ?? realDisk;
  const temporary = temporaryNameFor(file);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const descriptor = openSync(temporary, 'w');
    try {
      for (const chunk of typeof chunks === 'string' ? [Buffer.from(chunks)] : chunks) {
        writeAll(disk, descriptor, chunk);
      }
      if (options.durable ?? true) disk.sync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    if (options.durable ?? true) syncFolderSync(path.dirname(file));
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw asWriteError(file, thrown);
  }
}

/** A failed write as the user meets it; a full disk, quota or file-size limit is told from the rest. */
export function asWriteError(file: string, thrown: unknown): ResynthError {
  if (thrown instanceof ResynthError) return thrown;
  const code = errorCode(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new ResynthError('runs/disk-full', { file, run: runOf(file) }, { cause: thrown });
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new ResynthError('runs/write-failed', { file, detail }, { cause: thrown });
}

/** The `code` of a Node error ('ENOENT'), or undefined. */
export function errorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Writes the whole of `bytes`: a single write may take only part of them. */
export function writeAll(disk: DiskCalls, descriptor: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) offset += disk.write(descriptor, bytes.subarray(offset));
}

// Paths are runs/<id>/... ; the id is what the remedy's command needs.
function runOf(file: string): string {
  const parts = file.split(path.sep);
  const index = parts.lastIndexOf('runs');
  return (index >= 0 ? parts[index + 1] : undefined) ?? 'ID';
}
