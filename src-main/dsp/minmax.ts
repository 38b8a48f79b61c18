import type { RealArray } from './matrix.ts';

/** The smallest and the largest level of a spectrogram in dB: what its 0 and 1 stand for. */
export interface Extremes {
  minDb: number;
  maxDb: number;
}

/** What 0 and 1 stand for in a generated spectrogram, which has no stored extremes (papers/002, section 4.1). */
export const generatedExtremes: Readonly<Extremes> = { minDb: -80, maxDb: 0 };

/** The extremes of `db`; of nothing, 0 and 0. */
export function extremesOf(db: RealArray): Extremes {
  if (db.length === 0) return { minDb: 0, maxDb: 0 };
  let minDb = Infinity;
  let maxDb = -Infinity;
  for (let i = 0; i < db.length; i++) {
    const value = db[i]!;
    if (value < minDb) minDb = value;
    if (value > maxDb) maxDb = value;
  }
  return { minDb, maxDb };
}

/**
 * `(db - min) / (max - min)` (papers/002, section 4). A constant input (a silent clip) has no range: it becomes all zeros,
 * which `denormalise` turns back into that constant exactly.
 */
export function normalise(db: RealArray, { minDb, maxDb }: Extremes): Float32Array<ArrayBuffer> {
  const features = new Float32Array(db.length);
  const rangeDb = maxDb - minDb;
  if (rangeDb === 0) return features;
  for (let i = 0; i < db.length; i++) features[i] = (db[i]! - minDb) / rangeDb;
  return features;
}

/** `normalise` of levels that lie frame by frame, `[frames, bins]`, turned to `[bins, frames]`. */
export function normaliseFrames(
  db: RealArray,
  { minDb, maxDb }: Extremes,
  bins: number,
  frames: number,
): Float32Array<ArrayBuffer> {
  const features = new Float32Array(bins * frames);
  const rangeDb = maxDb - minDb;
  if (rangeDb === 0) return features;
  // Eight frames at a time: a stride of whole rows would put all of a frame's values into the same few cache lines.
  for (let first = 0; first < frames; first += 8) {
    const end = Math.min(first + 8, frames);
    for (let bin = 0; bin < bins; bin++) {
      for (let frame = first; frame < end; frame++) {
        features[bin * frames + frame] = (db[frame * bins + bin]! - minDb) / rangeDb;
      }
    }
  }
  return features;
}

/** The inverse of `normalise`: `features * (max - min) + min`. */
export function denormalise(features: RealArray, { minDb, maxDb }: Extremes): Float64Array {
  const range = maxDb - minDb;
  return Float64Array.from(features, (value) => value * range + minDb);
}
