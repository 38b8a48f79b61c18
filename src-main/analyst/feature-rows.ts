import { closeSync, openSync, writeSync } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { decodeAudio, mixToMono } from '../audio/decode.ts';
import { representationOf } from '../dsp/representation.ts';
import { asWriteError, shownName } from '../files/system-errors.ts';
import { stretchOf } from './segment.ts';
import { readFileFacts } from './source-file.ts';
import type { FeatureResult, FeatureTask } from './feature-task.ts';

/**
 * Computes the clips of one recording and writes them from their first row on: rows of 64 KB go to the file from here, not
 * through the channel to the parent and then to the file. A silent sequence among several is left out.
 *
 * @throws ResynthError dataset/file-changed when the bytes are not those that were indexed; dataset/file-vanished and
 *   the decoder's refusals; files/disk-full.
 */
export function computeFeatureRow(task: FeatureTask): FeatureResult {
  const facts = readFileFacts(task.path, task.id);
  if (facts.contentHash !== task.contentHash)
    throw new ResynthError('dataset/file-changed', { file: shownName(task.id) });
  // Only what the clip holds is decoded: an hour of lecture costs no more than its first second.
  const { startSec, endSec } = stretchOf(task);
  const representation = representationOf(task.config);
  const maxDurationSec = Math.min(representation.readSec(task.config), endSec - startSec);
  const { channels, sampleRateHz } = decodeAudio(task.path, { startSec, maxDurationSec });
  const clips = representation
    .clipsOf(mixToMono(channels), sampleRateHz, task.config)
    .slice(0, task.mostClips)
    .filter(({ minDb, maxDb }) => !representation.severalClips || minDb !== maxDb);
  for (const [at, { input }] of clips.entries()) writeRow(task.rowsFile, task.row + at, input);
  return {
    kind: 'features',
    clips: clips.map(({ minDb, maxDb, spokenSec }) => ({ minDb, maxDb, spokenSec })),
  };
}

function writeRow(file: string, row: number, values: Float32Array): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  try {
    const descriptor = openSync(file, 'r+');
    try {
      for (let written = 0; written < bytes.length;) {
        const position = row * bytes.length + written;
        written += writeSync(descriptor, bytes, written, bytes.length - written, position);
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    throw asWriteError(thrown, file);
  }
}
