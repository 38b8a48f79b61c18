import { open } from 'node:fs/promises';
import path from 'node:path';
import type { runsLog, runsMetrics } from '../../../src-preload/contract/commands/runs-live.ts';
import { seriesCsv } from '../../../src-preload/contract/comparison/series-csv.ts';
import { withoutKnownNoise } from '../../engine/known-noise.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { errorCode } from '../../files/system-errors.ts';
import { filesOf } from './runs.ts';
import type { HostHandler } from '../services.ts';

/** The commands that read what a run has written: its log and its curves. */

const tailBytes = 64 * 1024;
const longestBytes = 1024 * 1024;

export const handleRunsLog: HostHandler<typeof runsLog> = async ({ run: which, from }, { services }) => {
  const run = await services.trainers.resolve(which);
  return { run: run.record.id, ...(await readText(filesOf(run).log, from)) };
};

export const handleRunsMetrics: HostHandler<typeof runsMetrics> = async (
  { run: which, sinceStep, keys, csv, out },
  { services },
) => {
  const { trainers, database } = services;
  const { record } = await trainers.resolve(which);
  if (csv || out !== undefined) await trainers.takeIn(record.id);
  const series = await database.readMetrics(record.id, sinceStep, keys);
  const lastStep = series.reduce((last, { steps }) => Math.max(last, steps.at(-1) ?? 0), 0);
  if (!csv && out === undefined) return { run: record.id, lastStep, series };
  const text = seriesCsv(series);
  if (out === undefined) return { run: record.id, lastStep, series: [], text };
  const file = path.resolve(out);
  await writeFileAtomic(file, text);
  return { run: record.id, lastStep, series: [], file };
};

/** A stretch of a text file, from a whole character to a whole character; the last 64 KiB without `from`. */
async function readText(
  file: string,
  from: number | undefined,
): Promise<{ from: number; next: number; text: string; size: number }> {
  let handle;
  try {
    handle = await open(file);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return { from: 0, next: 0, text: '', size: 0 };
    throw thrown;
  }
  try {
    const { size } = await handle.stat();
    const start = Math.min(size, from ?? Math.max(0, size - tailBytes));
    const bytes = Buffer.alloc(Math.min(size - start, longestBytes));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    const read = bytes.subarray(0, bytesRead);
    // Whoever asks for the end gets whole lines.
    const skipped = from === undefined && start > 0 ? read.indexOf(0x0a) + 1 : 0;
    const end = wholeCharacters(read);
    return {
      from: start + skipped,
      next: start + end,
      text: withoutKnownNoise(read.toString('utf8', skipped, end)),
      size,
    };
  } finally {
    await handle.close();
  }
}

/** Length of `bytes` without the beginning of a character whose end is not there yet. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    // The first byte of a character of two, three or four.
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (needs > 0) return needs > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
