import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../files/system-errors.ts';
import { type MetricsRow, parseMetricsRow } from './metrics-log.ts';

/** The last rows of a metrics.jsonl. */
export interface MetricsEnd {
  train: MetricsRow | null;
  validation: MetricsRow | null;
  /** How many segments there are: starts and resumes. */
  segments: number;
}

const chunkBytes = 256 * 1024;

/**
 * The last rows of metrics.jsonl that count, read from its end: what a run of a million steps has logged is not read
 * through to say where it stands. A missing file has none.
 */
export function readMetricsEnd(file: string): MetricsEnd {
  const end: MetricsEnd = { train: null, validation: null, segments: 0 };
  // Where later segments took over: what earlier ones wrote beyond is superseded.
  let takenOverAt = Number.POSITIVE_INFINITY;
  let segment = Number.POSITIVE_INFINITY;
  let limit = Number.POSITIVE_INFINITY;
  for (const line of linesFromTheEnd(file)) {
    // Most lines are of training steps: once the last is known they are not worth parsing.
    if (end.train && line.includes('"split":"train"')) continue;
    const row = parseMetricsRow(line);
    if (!row) continue;
    end.segments = Math.max(end.segments, row.segment + 1);
    if (row.segment < segment) {
      segment = row.segment;
      limit = takenOverAt;
    }
    if (row.split === 'segment') takenOverAt = Math.min(takenOverAt, row.step);
    else if (row.step <= limit) end[row.split] ??= row;
    if (end.train && end.validation) break;
  }
  return end;
}

/** The lines of a file, the last one first. */
function* linesFromTheEnd(file: string): Generator<string> {
  const descriptor = openOrNull(file);
  if (descriptor === null) return;
  try {
    let at = fstatSync(descriptor).size;
    /** The bytes of a line whose beginning has not been read yet. */
    let rest = Buffer.alloc(0);
    while (at > 0) {
      const from = Math.max(0, at - chunkBytes);
      const chunk = Buffer.alloc(at - from);
      readSync(descriptor, chunk, 0, chunk.length, from);
      at = from;
      const bytes = Buffer.concat([chunk, rest]);
      const whole = from === 0 ? 0 : bytes.indexOf(0x0a) + 1;
      rest = bytes.subarray(0, from > 0 && whole === 0 ? bytes.length : whole);
      if (from > 0 && whole === 0) continue;
      for (const line of bytes.toString('utf8', whole).split('\n').reverse()) if (line !== '') yield line;
    }
  } finally {
    closeSync(descriptor);
  }
}

function openOrNull(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}
