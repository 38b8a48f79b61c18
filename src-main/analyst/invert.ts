import { createHash } from 'node:crypto';
import { readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { dbfs, peak } from '../dsp/level.ts';
import { synthesise } from '../dsp/representation.ts';
import type { Extremes } from '../dsp/minmax.ts';
import { featureShape } from '../dsp/pipeline.ts';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import type { Audible, InversionSettings, InvertTask, Inverted } from './tasks.ts';
import { pictureLevels } from './model-picture.ts';

/** To be raised whenever the same levels would give other sound: what was kept before is then not used. */
const inversionVersion = 1;

/** A spectrogram of a model as a picture and, where it is wanted, as sound. */
export function invertLevels(task: InvertTask): Inverted {
  const { features, config, scale, inversion } = task;
  return {
    kind: 'invert',
    levels: pictureLevels(features, task, config, scale),
    sound: inversion && audible(features, task, inversion),
  };
}

/**
 * Features `[bins, frames]` in 0..1 with their extremes made audible by seeded Griffin-Lim, at most at full scale. The
 * sound is kept in a file named after all that it follows from, so that hearing it again costs a read.
 */
export function audible(
  features: Float32Array,
  { minDb, maxDb }: Extremes,
  { config, iterations, seed, cacheFolder }: InversionSettings,
): Audible {
  const key = createHash('sha256')
    .update(JSON.stringify({ inversionVersion, config, minDb, maxDb, iterations, seed }))
    .update(new Uint8Array(features.buffer, features.byteOffset, features.byteLength))
    .digest('hex');
  const file = path.join(cacheFolder, `griffin-lim-${key}.f32`);
  const { samples: count } = featureShape(config);
  const kept = readSamples(file, count);
  const samples = kept ?? synthesise(features, { minDb, maxDb }, config, { iterations, seed });
  if (!kept) keepSamples(file, samples);
  return withinFullScale(samples);
}

/** The same sound, quieter where it would be louder than a file can hold; how much is told. */
export function withinFullScale(samples: Float32Array): Audible {
  const loudest = peak(samples);
  if (loudest <= 1) return { samples, attenuatedDb: 0 };
  return { samples: samples.map((sample) => sample / loudest), attenuatedDb: dbfs(loudest) };
}

function readSamples(file: string, count: number): Float32Array | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    // Not kept, or not readable: it is made again.
    return null;
  }
  markUsed(file);
  if (bytes.length !== count * Float32Array.BYTES_PER_ELEMENT) return null;
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Where space runs short, what was heard of late is kept: not every system notes when a file was read. */
function markUsed(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Not ours to touch: it counts as old then, which costs at most the time to make it again.
  }
}

function keepSamples(file: string, samples: Float32Array): void {
  try {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    writeFileAtomicSync(file, [bytes], { durable: false });
  } catch {
    // A full or read-only disk costs the time to make it again, and must not keep anyone from hearing it now.
  }
}
