import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import type { Outline } from './outline.ts';

/**
 * Outlines of one recording on disk, the finest first: a line of JSON that says what they are, padded to a whole number
 * of float32, then their extremes one after the other. Made from content that its name is the hash of, so it never has to
 * be brought up to date; it may be deleted at any time.
 */
interface Head {
  format: 'resynth-outline';
  version: 1;
  samples: number;
  levels: { cellSamples: number; cells: number }[];
}

const headBytes = 512;

/** Keeps outlines; `levels` are of one recording. */
export function writeOutlines(file: string, levels: readonly Outline[]): void {
  const head: Head = {
    format: 'resynth-outline',
    version: 1,
    samples: levels[0]?.samples ?? 0,
    levels: levels.map(({ cellSamples, extremes }) => ({ cellSamples, cells: extremes.length / 2 })),
  };
  const line = Buffer.from(`${JSON.stringify(head)}\n`.padStart(headBytes, ' '));
  const bodies = levels.map(
    ({ extremes }) => new Uint8Array(extremes.buffer, extremes.byteOffset, extremes.byteLength),
  );
  writeFileAtomicSync(file, [line, ...bodies], { durable: false });
}

/** The coarsest outline whose cells are at most `mostSamples`; null where there is no file, or it is not whole. */
export function readOutline(file: string, mostSamples: number): Outline | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
  try {
    const head = readHead(descriptor);
    if (head === null) return null;
    let position = headBytes;
    let chosen: { cellSamples: number; cells: number; position: number } | null = null;
    for (const level of head.levels) {
      if (level.cellSamples <= mostSamples) chosen = { ...level, position };
      position += level.cells * 8;
    }
    // Killed while writing it cannot be shorter; a disk may be.
    if (chosen === null || fstatSync(descriptor).size !== position) return null;
    const extremes = new Float32Array(chosen.cells * 2);
    const bytes = new Uint8Array(extremes.buffer);
    for (let done = 0; done < bytes.length;) {
      const read = readSync(descriptor, bytes, done, bytes.length - done, chosen.position + done);
      if (read === 0) return null;
      done += read;
    }
    return { cellSamples: chosen.cellSamples, samples: head.samples, extremes };
  } finally {
    closeSync(descriptor);
  }
}

function readHead(descriptor: number): Head | null {
  const bytes = Buffer.alloc(headBytes);
  if (readSync(descriptor, bytes, 0, headBytes, 0) !== headBytes) return null;
  try {
    const head = JSON.parse(bytes.toString('utf8')) as Head;
    return head.format === 'resynth-outline' && head.version === 1 ? head : null;
  } catch {
    return null;
  }
}
