import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { decodeAudio, mixToMono } from '../../../src-main/audio/decode.ts';

/** Recordings of speakers that are trained on, and of others that are not. */
export interface Speech {
  train: Float32Array[];
  heldOut: Float32Array[];
  sampleRateHz: number;
  source: string;
}

const beside = path.resolve(import.meta.dirname, '../../../../shared/data');
/** Seconds of a recording that are used. */
export const mostSec = 6;

/**
 * LibriSpeech beside the checkout: ten speakers to train on, ten others held out. FSDD where a folder of it is given or there is
 * nothing else: four speakers and two. Null where there is neither.
 */
export function loadSpeech(
  folder: string | undefined,
  counts: { train: number; heldOut: number },
): Speech | null {
  const libri = path.join(beside, 'LibriSpeech');
  if (folder === undefined && existsSync(libri)) {
    const of = (split: string, count: number): Float32Array[] =>
      evenly(filesUnder(path.join(libri, split), '.flac'), count).map(readMono);
    const { train, heldOut } = counts;
    const read = { train: of('train-clean-5', train), heldOut: of('test-other', heldOut) };
    return {
      ...read,
      sampleRateHz: 16_000,
      source: `LibriSpeech, ${train} and ${heldOut} recordings of 10 speakers each`,
    };
  }
  const digits = folder ?? path.join(beside, 'fsdd', 'recordings');
  if (!existsSync(digits)) return null;
  const names = filesUnder(digits, '.wav');
  const isHeldOut = (name: string): boolean => /_(theo|yweweler)_/.test(path.basename(name));
  // They are ten times as short as sentences.
  const of = (held: boolean, count: number): Float32Array[] =>
    evenly(
      names.filter((name) => isHeldOut(name) === held),
      10 * count,
    ).map(readMono);
  return {
    train: of(false, counts.train),
    heldOut: of(true, counts.heldOut),
    sampleRateHz: 8000,
    source: 'FSDD, four speakers and two others',
  };
}

function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(folder, name));
}

/** So many of a list, evenly through it: every speaker has some. */
function evenly<Item>(list: readonly Item[], count: number): Item[] {
  const many = Math.min(count, list.length);
  return Array.from({ length: many }, (_, at) => list[Math.floor((at * list.length) / many)] as Item);
}

function readMono(file: string): Float32Array {
  return mixToMono(decodeAudio(file, { maxDurationSec: mostSec }).channels);
}
