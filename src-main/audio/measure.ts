import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import { damageOf } from './damage.ts';
import { addLevel } from './level.ts';
import { openAudio } from './open.ts';
import type { AudioInfo, AudioSource, Level } from './source.ts';

/** Level of a whole recording. */
export interface MeasuredAudio extends AudioInfo {
  /** Samples a channel that were decoded, and their length. */
  samples: number;
  durationSec: number;
  /** Largest |sample| over all channels; 0 for silence, which is valid audio. */
  peak: number;
  /** Root mean square over all channels. */
  rms: number;
  /** What is wrong with the file though it can be used, in a sentence or some; null where nothing is. */
  warning: string | null;
}

/**
 * Decodes a whole file block by block, in little memory whatever its length, and measures its level.
 * @throws {ResynthError} any of `audio/*`, a damaged or cut file among them
 */
export function measureAudio(file: string): MeasuredAudio {
  const source = openAudio(file);
  try {
    return measureSource(file, source);
  } finally {
    source.close();
  }
}

/** `measureAudio` for a file that is open already and stays so. */
export function measureSource(file: string, source: AudioSource): MeasuredAudio {
  const { info } = source;
  const { samples, peak, energy } = source.measureLevel?.() ?? levelOfBlocks(file, source);
  const damage = damageOf(file, source, samples, Infinity);
  if (damage) throw damage;
  if (samples === 0) throw new ResynthError('audio/no-samples', { file: shownName(file) });
  const rms = Math.sqrt(energy / (samples * info.channels));
  const warning = warningOf(source.remarks ?? []);
  return { ...info, samples, durationSec: samples / info.sampleRateHz, peak, rms, warning };
}

/** Remarks as one text; null where there is none. */
export function warningOf(remarks: readonly ResynthError[]): string | null {
  return remarks.length === 0 ? null : remarks.map(({ message }) => message).join(' ');
}

function levelOfBlocks(file: string, source: AudioSource): Level {
  const level: Level = { samples: 0, peak: 0, energy: 0 };
  for (const block of source.blocks()) addLevel(level, block, file, source.info);
  return level;
}
