import { closeSync, openSync, readSync } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { OutputValue } from '../engine/program.ts';

/**
 * The safetensors format (github.com/huggingface/safetensors): 8 bytes, little endian, the length of a JSON header;
 * the header, `{name: {dtype, shape, data_offsets}}`; the data, one tensor after the other without holes.
 * Float32 and int32 only: all that a program's state holds.
 */
export interface Safetensors {
  tensors: Map<string, OutputValue>;
  metadata: Record<string, string>;
}

const headerLimitBytes = 100_000_000;

/**
 * The file as chunks in order; the tensors' own memory is not copied. The same tensors in the same order and the same
 * metadata give the same bytes.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, OutputValue>,
  metadata: Record<string, string> = {},
): Uint8Array[] {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  const data: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { data: values, shape }] of tensors) {
    if (values.length !== elements(shape)) {
      throw new RangeError(`tensor ${name} has ${values.length} numbers for the shape [${shape.join(', ')}]`);
    }
    header[name] = {
      dtype: values instanceof Float32Array ? 'F32' : 'I32',
      shape,
      data_offsets: [offset, offset + values.byteLength],
    };
    data.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  // Spaces up to a multiple of 8 keep the data aligned, so that readers can map it.
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return [length, padded, ...data];
}

/** Reads what `encodeSafetensors` or Python's safetensors wrote. `file` is named in errors (`runs/safetensors-damaged`). */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const damaged = (detail: string): ResynthError =>
    new ResynthError('runs/safetensors-damaged', { file, detail });
  if (bytes.length < 8) throw damaged(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > headerLimitBytes || 8 + headerBytes > bytes.length) {
    throw damaged(`its header of ${headerBytes} bytes does not fit`);
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerBytes), damaged);
  const body = bytes.subarray(8 + headerBytes);
  const tensors = new Map<string, OutputValue>();
  let metadata: Record<string, string> = {};
  const spans: [number, number][] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = stringRecord(entry, damaged);
      continue;
    }
    const { dtype, shape, begin, end } = tensorEntry(name, entry, damaged);
    if (end > body.length) throw damaged(`tensor ${name} ends at byte ${end} of ${body.length}`);
    if (end - begin !== elements(shape) * 4)
      throw damaged(`tensor ${name} does not have the size of its shape`);
    // A copy: aligned whatever the offset, and free of the file's buffer (a Buffer's own slice() would be a view).
    const copy = new Uint8Array(body.subarray(begin, end)).buffer;
    tensors.set(name, { data: dtype === 'F32' ? new Float32Array(copy) : new Int32Array(copy), shape });
    spans.push([begin, end]);
  }
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let expected = 0;
  for (const [begin, end] of spans) {
    if (begin !== expected) throw damaged(`its data has a hole or an overlap at byte ${expected}`);
    expected = end;
  }
  if (expected !== body.length)
    throw damaged(`it has ${body.length} bytes of data and its header names ${expected}`);
  return { tensors, metadata };
}

/** The metadata of a safetensors file, of which only the head is read. Throws runs/safetensors-damaged; what `open` throws. */
export function readSafetensorsMetadata(file: string): Record<string, string> {
  const damaged = (detail: string): ResynthError =>
    new ResynthError('runs/safetensors-damaged', { file, detail });
  const descriptor = openSync(file, 'r');
  try {
    const length = Buffer.alloc(8);
    if (readSync(descriptor, length, 0, 8, 0) < 8) throw damaged('it has no header');
    const headerBytes = Number(length.readBigUInt64LE());
    if (headerBytes > headerLimitBytes) throw damaged(`its header of ${headerBytes} bytes does not fit`);
    const header = Buffer.alloc(headerBytes);
    if (readSync(descriptor, header, 0, headerBytes, 8) < headerBytes) throw damaged('its header is cut off');
    const { __metadata__: metadata } = parseHeader(header, damaged);
    return metadata === undefined ? {} : stringRecord(metadata, damaged);
  } finally {
    closeSync(descriptor);
  }
}

type Damaged = (detail: string) => ResynthError;

function parseHeader(bytes: Uint8Array, damaged: Damaged): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw damaged('its header is no object');
  return header as Record<string, unknown>;
}

function stringRecord(value: unknown, damaged: Damaged): Record<string, string> {
  if (typeof value !== 'object' || value === null) throw damaged('its metadata is no object');
  const entries = Object.entries(value);
  if (entries.some(([, text]) => typeof text !== 'string')) throw damaged('its metadata is not all strings');
  return Object.fromEntries(entries) as Record<string, string>;
}

function tensorEntry(
  name: string,
  value: unknown,
  damaged: Damaged,
): { dtype: 'F32' | 'I32'; shape: number[]; begin: number; end: number } {
  const entry = (value ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const { dtype } = entry;
  if (dtype !== 'F32' && dtype !== 'I32') throw damaged(`tensor ${name} has the type ${String(dtype)}`);
  if (!isCounts(entry.shape)) throw damaged(`tensor ${name} has no shape`);
  const offsets = entry.data_offsets;
  if (!isCounts(offsets) || offsets.length !== 2) throw damaged(`tensor ${name} has no offsets`);
  const [begin = 0, end = 0] = offsets;
  if (end < begin) throw damaged(`tensor ${name} ends before it begins`);
  return { dtype, shape: entry.shape, begin, end };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
