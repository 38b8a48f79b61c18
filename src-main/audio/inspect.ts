import { createHash, hash } from 'node:crypto';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { closeSync } from 'node:fs';
import { type OpenFile, openRegularFile, readAt } from './file-access.ts';
import { type MeasuredAudio, measureSource } from './measure.ts';
import { measureStretches } from './measure-stretches.ts';
import { openAudio } from './open.ts';

/** Everything that opening a recording can tell. */
export interface InspectedAudio extends MeasuredAudio {
  bytes: number;
  modifiedMs: number;
  /** sha256 of the bytes, hexadecimal. */
  contentHash: string;
}

/** Files up to this size are read once, for the hash and for the samples. */
const mostHeldBytes = 16 << 20;

let held = Buffer.alloc(1 << 20);

/**
 * Decodes one recording whole, in little memory, measures it and hashes its bytes. Blocking; nothing of one file is kept
 * for the next but the memory.
 * @throws {ResynthError} any of `audio/*`, a damaged or cut file among them
 */
export function inspectAudio(file: string): InspectedAudio {
  const open = openRegularFile(file);
  const { contentHash, content } = hashing(file, open);
  const source = openAudio(file, content ? { ...open, content } : open);
  try {
    const { bytes, modifiedMs } = open;
    return { ...measureSource(file, source), bytes, modifiedMs, contentHash };
  } finally {
    source.close();
  }
}

/** A stretch of a file in seconds; `endSec` null for its end. */
export interface StretchSec {
  startSec: number | null;
  endSec: number | null;
}

/**
 * Measures stretches of one file, decoding it once however many there are: each by itself, or why it cannot be used.
 * @throws {ResynthError} any of `audio/*` that concerns the file as a whole
 */
export function inspectStretches(
  file: string,
  stretches: readonly StretchSec[],
): (InspectedAudio | ResynthError)[] {
  const open = openRegularFile(file);
  const { contentHash, content } = hashing(file, open);
  const source = openAudio(file, content ? { ...open, content } : open);
  try {
    const { bytes, modifiedMs } = open;
    return measureStretches(file, source, stretches).map((one) =>
      one instanceof ResynthError ? one : { ...one, bytes, modifiedMs, contentHash },
    );
  } finally {
    source.close();
  }
}

/** The hash of an open file, and its bytes where they were few enough to hold. */
function hashing(file: string, open: OpenFile): { contentHash: string; content: Uint8Array | null } {
  try {
    if (open.bytes <= mostHeldBytes) {
      if (held.length < open.bytes) held = Buffer.alloc(2 ** Math.ceil(Math.log2(open.bytes)));
      const content = readAt(file, open.fd, held.subarray(0, open.bytes), 0);
      return { contentHash: hash('sha256', content), content };
    }
    const sha = createHash('sha256');
    for (let at = 0; ;) {
      const piece = readAt(file, open.fd, held, at);
      if (piece.length === 0) return { contentHash: sha.digest('hex'), content: null };
      sha.update(piece);
      at += piece.length;
    }
  } catch (thrown) {
    closeSync(open.fd);
    throw thrown;
  }
}
