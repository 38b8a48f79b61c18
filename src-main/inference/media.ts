import { readFile, stat } from 'node:fs/promises';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { decodeAudio, mixToMono, probeAudio } from '../audio/decode.ts';
import { writeWav } from '../audio/write-wav.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { makeFolder as makeFolderAt } from '../files/folders.ts';

/** The beginning of a recording, mixed to one channel at its own rate. */
export interface MonoAudio {
  samples: Float32Array;
  sampleRateHz: number;
  /** Length of the whole recording as its header has it, in seconds; of what was read where it has none. */
  wholeSec: number;
  warnings: string[];
}

/** Reads the first `maxDurationSec` of a recording as the models hear it: the mean of its channels. Throws audio/*. */
export function readMono(file: string, maxDurationSec: number): MonoAudio {
  const audio = decodeAudio(file, { maxDurationSec });
  const { announcedSec } = probeAudio(file);
  const count = audio.channels.length;
  return {
    samples: mixToMono(audio.channels),
    sampleRateHz: audio.sampleRateHz,
    wholeSec: Math.max(audio.durationSec, announcedSec ?? 0),
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

/** Writes a matrix as NumPy's .npy (format 1.0, little-endian float32, C order): `numpy.load` opens it. */
export async function writeNpy(file: string, data: Float32Array, shape: readonly number[]): Promise<void> {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${extents}), }`;
  // The format wants the data to begin at a multiple of 64 bytes.
  const padded = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(padded + 4 * data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  view.setUint16(8, padded - 10, true);
  bytes.set(Buffer.from(`${header.padEnd(padded - 11)}\n`, 'latin1'), 10);
  for (const [at, value] of data.entries()) view.setFloat32(padded + 4 * at, value, true);
  await writeFileAtomic(file, bytes);
}

/** Reads what `writeNpy` wrote. */
export async function readNpy(file: string): Promise<{ data: Float32Array; shape: number[] }> {
  const bytes = await readFile(file);
  const start = 10 + bytes.readUInt16LE(8);
  const extents = /'shape': \(([\d, ]*)\)/.exec(bytes.toString('latin1', 10, start))?.[1] ?? '';
  const shape = extents
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const data = new Float32Array((bytes.length - start) / 4);
  for (let at = 0; at < data.length; at++) data[at] = bytes.readFloatLE(start + 4 * at);
  return { data, shape };
}
