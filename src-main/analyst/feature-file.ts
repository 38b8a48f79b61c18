import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { errorCode } from '../files/system-errors.ts';
import type { FeatureReader } from './features.ts';

/**
 * A feature cache on disk, two files by its key:
 *
 * - `<key>.f32`: the rows one after the other, each `[bins, frames]` or `[bins, frames, channels]` float32, little-endian, no header: any tool reads it;
 * - `<key>.json`: what the rows are, with a checksum over itself. It is written last: without it there is no cache.
 *
 * Rows are read by position, not mapped: Node has no mmap, and reading at an offset copies straight out of the same
 * page cache. So a dataset larger than the memory works, resident memory stays flat, and training processes on one
 * machine share what has been read.
 */

const index = z.strictObject({
  key: z.string(),
  pipelineVersion: z.int(),
  config: z.looseObject({ kind: z.string() }),
  count: z.int().min(1),
  shape: z.tuple([z.int().min(1), z.int().min(1)]).rest(z.int().min(1)),
  ids: z.array(z.string()),
  extremesDb: z.array(z.number()),
  spokenSec: z.array(z.number()),
});

const indexFile = z.strictObject({
  format: z.literal('resynth-features'),
  version: z.literal(1),
  /** sha256 of the JSON text of `index`. */
  checksum: z.string(),
  index,
});

export type FeatureIndex = z.output<typeof index>;

const bytesPerValue = Float32Array.BYTES_PER_ELEMENT;

/** Where a cache lies. */
export function featureFiles(folder: string, key: string): { rows: string; index: string } {
  return { rows: path.join(folder, `${key}.f32`), index: path.join(folder, `${key}.json`) };
}

/** Size of the file of rows, in bytes. */
export function rowsBytes(count: number, shape: readonly number[]): number {
  return count * rowValues(shape) * bytesPerValue;
}

function rowValues(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The text of a cache's JSON file. */
export function formatIndex(content: FeatureIndex): string {
  const checksum = checksumOf(content);
  return JSON.stringify({ format: 'resynth-features', version: 1, checksum, index: content }) + '\n';
}

/** Of the content as it stands in the file, in the order of its keys there: parsing and formatting give back the same text. */
function checksumOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** A cache opened, or why it cannot be: absent, or damaged in a way that is said. */
export type OpenedFeatures =
  { state: 'ready'; reader: FeatureReader } | { state: 'absent' } | { state: 'damaged'; detail: string };

/** Opens a cache after checking that it is complete: the index by its checksum, the rows by their size. */
export function openFeatureFile(folder: string, key: string): OpenedFeatures {
  const files = featureFiles(folder, key);
  let text: string;
  try {
    text = readFileSync(files.index, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return { state: 'absent' };
    throw thrown;
  }
  const content = parseIndex(text);
  if (content === null) return { state: 'damaged', detail: `${files.index} is not what was written` };
  if (content.key !== key) return { state: 'damaged', detail: `${files.index} belongs to another cache` };
  let descriptor: number;
  try {
    descriptor = openSync(files.rows, 'r');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return { state: 'damaged', detail: `${files.rows} is missing` };
    throw thrown;
  }
  const size = fstatSync(descriptor).size;
  const expected = rowsBytes(content.count, content.shape);
  if (size !== expected) {
    closeSync(descriptor);
    return { state: 'damaged', detail: `${files.rows} has ${size} bytes instead of ${expected}` };
  }
  return { state: 'ready', reader: new FileFeatureReader(content, files.rows, descriptor) };
}

function parseIndex(text: string): FeatureIndex | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = indexFile.safeParse(value);
  if (!parsed.success) return null;
  const asWritten = (value as { index: unknown }).index;
  return checksumOf(asWritten) === parsed.data.checksum ? parsed.data.index : null;
}

class FileFeatureReader implements FeatureReader {
  readonly count: number;
  readonly shape: FeatureReader['shape'];
  readonly key: string;
  readonly ids: readonly string[];
  readonly extremesDb: Float32Array;
  readonly spokenSec: Float32Array;
  readonly #file: string;
  #descriptor: number | null;

  constructor(content: FeatureIndex, file: string, descriptor: number) {
    this.count = content.count;
    this.shape = content.shape;
    this.key = content.key;
    this.ids = content.ids;
    this.extremesDb = Float32Array.from(content.extremesDb);
    this.spokenSec = Float32Array.from(content.spokenSec);
    this.#file = file;
    this.#descriptor = descriptor;
  }

  read(indices: ArrayLike<number>, out: Float32Array): void {
    const rowLength = rowValues(this.shape);
    if (out.length !== indices.length * rowLength) {
      throw new RangeError(
        `${indices.length} rows are ${indices.length * rowLength} values, not ${out.length}.`,
      );
    }
    for (let at = 0; at < indices.length; at++) {
      const row = indices[at];
      if (row === undefined || !Number.isInteger(row) || row < 0 || row >= this.count) {
        throw new RangeError(`There is no row ${String(row)}: there are ${this.count}.`);
      }
    }
    for (let at = 0; at < indices.length;) {
      // Rows that follow one another on disk, as in evaluation, are one call.
      const start = indices[at]!;
      let run = 1;
      while (at + run < indices.length && indices[at + run] === start + run) run++;
      this.#readBytes(out, at * rowLength, run * rowLength, start * rowLength);
      at += run;
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #readBytes(out: Float32Array, at: number, length: number, position: number): void {
    if (this.#descriptor === null) throw new Error(`${this.#file} has been closed.`);
    const bytes = new Uint8Array(out.buffer, out.byteOffset + at * bytesPerValue, length * bytesPerValue);
    for (let done = 0; done < bytes.length;) {
      const offset = position * bytesPerValue + done;
      const read = readSync(this.#descriptor, bytes, done, bytes.length - done, offset);
      if (read === 0) throw new Error(`${this.#file} has become shorter while it was read.`);
      done += read;
    }
  }
}
