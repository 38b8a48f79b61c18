import { stat } from 'node:fs/promises';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { beginningOf, type FileStretch, stretchOf, wholeFile } from '../analyst/segment.ts';
import { decodeAudio, mixToMono, probeAudio } from '../audio/decode.ts';
import { writeWav } from '../audio/write-wav.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { makeFolder as makeFolderAt } from '../files/folders.ts';

export { readNpy, writeNpy } from '../files/npy-matrix.ts';

/** The beginning of a recording, mixed to one channel at its own rate. */
export interface MonoAudio {
  samples: Float32Array;
  sampleRateHz: number;
  /** Length of the whole recording as its header has it, in seconds; of what was read where it has none. */
  wholeSec: number;
  warnings: string[];
}

/**
 * Reads the first `mostSec` of a recording, which may be a stretch of its file, as the models hear it: the mean of its
 * channels. Throws audio/*.
 */
export function readMono(file: string, mostSec: number, stretch: FileStretch = wholeFile): MonoAudio {
  const { startSec, endSec } = stretchOf(stretch);
  const audio = decodeAudio(file, beginningOf(stretch, mostSec));
  const { announcedSec } = probeAudio(file);
  const count = audio.channels.length;
  return {
    samples: mixToMono(audio.channels),
    sampleRateHz: audio.sampleRateHz,
    wholeSec: Math.max(audio.durationSec, Math.min(announcedSec ?? 0, endSec) - startSec),
    warnings: count === 1 ? [] : [`its ${count} channels were mixed to one`],
  };
}

/** Writes `samples * gain` as 16-bit WAV. */
export function writeAudio(file: string, samples: Float32Array, sampleRateHz: number, gain: number): void {
  writeWav(file, gain === 1 ? samples : samples.map((sample) => sample * gain), sampleRateHz);
}

/** The folder for results; made with its parents. Throws inference/output-exists, files/not-writable. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolderAt(folder);
  } catch (thrown) {
    const found = await stat(folder).catch(() => null);
    if (found && !found.isDirectory()) {
      throw new ResynthError('inference/output-exists', { folder }, { cause: thrown });
    }
    throw thrown;
  }
}

/** Writes a JSON file, whole or not at all. Throws files/disk-full, files/not-writable. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
}
