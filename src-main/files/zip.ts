import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { errorCode } from './system-errors.ts';

/**
 * A reader for zip archives, which is what Python wheels and PyTorch's checkpoints are: enough to take a few files out without
 * a Python. Follows PKWARE's APPNOTE 6.3: stored and deflated entries, no encryption, no zip64 (nothing below 4 GB needs it).
 */
export interface ZipEntry {
  name: string;
  bytes: number;
  compressedBytes: number;
  method: number;
  headerOffset: number;
  executable: boolean;
}

/** What came out of an archive: where it lies under the folder, its size and SHA-256. */
export interface ExtractedFile {
  path: string;
  bytes: number;
  sha256: string;
}

const endOfDirectoryBytes = 22;
const longestCommentBytes = 0xffff;
const stored = 0;
const deflated = 8;

/** The entries of an archive, folders left out. Throws files/archive-corrupt. */
export async function listZip(file: string): Promise<ZipEntry[]> {
  const handle = await open(file, 'r');
  try {
    return await readDirectory(handle, file);
  } finally {
    await handle.close();
  }
}

async function readDirectory(handle: FileHandle, file: string): Promise<ZipEntry[]> {
  const { size } = await handle.stat();
  const tail = await readAt(
    handle,
    file,
    Math.max(0, size - endOfDirectoryBytes - longestCommentBytes),
    size,
  );
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0)
    throw corrupt(file, 'the directory at its end is missing, so the file is cut short or no archive');
  const count = tail.readUInt16LE(end + 10);
  const directoryBytes = tail.readUInt32LE(end + 12);
  const directoryOffset = tail.readUInt32LE(end + 16);
  const directory = await readAt(handle, file, directoryOffset, directoryOffset + directoryBytes);

  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) {
      throw corrupt(file, `entry ${index} of its directory is damaged`);
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes);
    if (!name.endsWith('/')) {
      entries.push({
        name,
        method: directory.readUInt16LE(at + 10),
        compressedBytes: directory.readUInt32LE(at + 20),
        bytes: directory.readUInt32LE(at + 24),
        executable: ((directory.readUInt32LE(at + 38) >>> 16) & 0o111) !== 0,
        headerOffset: directory.readUInt32LE(at + 42),
      });
    }
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Writes the chosen entries under `folder`, hashing as it goes. `onBytes` is told of every chunk written.
 * A name that would leave the folder is refused.
 */
export async function extractZip(
  file: string,
  folder: string,
  choose: (name: string) => boolean,
  onBytes: (bytes: number) => void = () => {},
): Promise<ExtractedFile[]> {
  const handle = await open(file, 'r');
  try {
    const extracted: ExtractedFile[] = [];
    for (const entry of await readDirectory(handle, file)) {
      if (!choose(entry.name)) continue;
      extracted.push(await extractEntry(handle, file, entry, folder, onBytes));
    }
    return extracted;
  } finally {
    await handle.close();
  }
}

/**
 * One entry's bytes in memory, at most `limitBytes` (an archive that says more, or unpacks to more than it says, is refused).
 * Throws files/archive-corrupt.
 */
export async function readZipEntry(file: string, entry: ZipEntry, limitBytes: number): Promise<Buffer> {
  if (entry.bytes > limitBytes) {
    throw corrupt(
      file,
      `the entry "${entry.name}" says it has ${entry.bytes} bytes, more than ${limitBytes}`,
    );
  }
  const handle = await open(file, 'r');
  try {
    const start = await entryStart(handle, file, entry);
    const packed = await readAt(handle, file, start, start + entry.compressedBytes);
    const bytes =
      entry.method === deflated
        ? inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.bytes) })
        : packed;
    if (bytes.length !== entry.bytes) {
      throw corrupt(file, `the entry "${entry.name}" has ${bytes.length} of ${entry.bytes} bytes`);
    }
    return bytes;
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_') || errorCode(error) === 'ERR_BUFFER_TOO_LARGE') {
      throw corrupt(file, `the entry "${entry.name}" is damaged (${messageOf(error)})`);
    }
    throw error;
  } finally {
    await handle.close();
  }
}

/** Where an entry's data begins. */
async function entryStart(handle: FileHandle, file: string, entry: ZipEntry): Promise<number> {
  if (entry.method !== stored && entry.method !== deflated) {
    throw corrupt(file, `the entry "${entry.name}" uses compression method ${entry.method}`);
  }
  const header = await readAt(handle, file, entry.headerOffset, entry.headerOffset + 30);
  if (header.readUInt32LE(0) !== 0x04034b50) throw corrupt(file, `the entry "${entry.name}" has no header`);
  return entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function extractEntry(
  handle: FileHandle,
  file: string,
  entry: ZipEntry,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<ExtractedFile> {
  const target = path.resolve(folder, entry.name);
  if (!target.startsWith(path.resolve(folder) + path.sep)) {
    throw corrupt(file, `the entry "${entry.name}" points outside the folder`);
  }
  await mkdir(path.dirname(target), { recursive: true });
  const start = await entryStart(handle, file, entry);

  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const out = createWriteStream(target, { mode: entry.executable ? 0o755 : 0o644, highWaterMark: 1 << 20 });
  const source = readRange(handle, start, entry.compressedBytes);
  try {
    if (entry.method === deflated) {
      await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), meter, out);
    } else {
      await pipeline(source, meter, out);
    }
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_')) {
      throw corrupt(file, `the entry "${entry.name}" is damaged (${messageOf(error)})`);
    }
    throw error;
  }
  if (bytes !== entry.bytes)
    throw corrupt(file, `the entry "${entry.name}" has ${bytes} of ${entry.bytes} bytes`);
  return { path: entry.name, bytes, sha256: hash.digest('hex') };
}

async function* readRange(handle: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  const chunkBytes = 1 << 20;
  let at = start;
  const end = start + length;
  while (at < end) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function readAt(handle: FileHandle, file: string, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, end - start));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  if (bytesRead < buffer.length) throw corrupt(file, 'it is cut short');
  return buffer;
}

function corrupt(file: string, detail: string): ResynthError {
  return new ResynthError('files/archive-corrupt', { file, detail });
}
