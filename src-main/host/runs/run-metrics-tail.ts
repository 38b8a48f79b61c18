import { open, stat } from 'node:fs/promises';
import { errorCode } from '../../files/system-errors.ts';
import { type MetricsRow, parseMetricsRow } from '../../trainer/metrics-log.ts';

/** A stretch of metrics.jsonl: bytes `from` to `to`, and the whole rows in it. */
export interface MetricsStretch {
  from: number;
  to: number;
  rows: MetricsRow[];
}

/** Read at once: some hundred rows, parsed within a few milliseconds. */
const longestStretchBytes = 128 * 1024;
const newline = 0x0a;

/**
 * The rows of metrics.jsonl after byte `from`, as far as they are whole: a last line without its end is waited for. Null
 * where there is nothing new. A file shorter than `from` is another one: it is read from its beginning.
 */
export async function readMetricsAfter(file: string, from: number): Promise<MetricsStretch | null> {
  const size = await sizeOf(file);
  const start = size < from ? 0 : from;
  if (size === start) return null;
  const bytes = await readBytes(file, start, Math.min(size, start + longestStretchBytes));
  const end = bytes.lastIndexOf(newline) + 1;
  if (end === 0) {
    // No line of ours is that long: what cannot be a row is passed over.
    return bytes.length < longestStretchBytes ? null : { from: start, to: start + bytes.length, rows: [] };
  }
  const rows: MetricsRow[] = [];
  for (const line of bytes.toString('utf8', 0, end).split('\n')) {
    const row = line === '' ? null : parseMetricsRow(line);
    if (row) rows.push(row);
  }
  return { from: start, to: start + end, rows };
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return 0;
    throw thrown;
  }
}

async function readBytes(file: string, from: number, to: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(to - from);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
