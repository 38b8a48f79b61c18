/**
 * Spectrograms of long recordings are made of tiles, as maps are: at level 0 columns lie as close as a window shows anything,
 * and each level further out has half as many. The page asks for what it shows by (level, index); host and page reckon alike.
 */

/** Columns of a tile. */
export const tileColumns = 512;

/** Levels that there are: the last has all of a recording of any length in one tile. */
export const tileLevels = 24;

/** So much of a window lies between two columns of level 0: closer ones show nothing that their neighbours do not. */
export const finestHop = 1 / 16;

/** Samples from column to column at a level. */
export function tileHop(level: number, windowSec: number, sampleRateHz: number): number {
  const windowLength = Math.max(4, Math.round(windowSec * sampleRateHz));
  return Math.max(1, Math.round(windowLength * finestHop)) * 2 ** level;
}

/** Seconds of sound that a tile shows; the last of a recording may have less. */
export function tileSec(level: number, windowSec: number, sampleRateHz: number): number {
  return (tileColumns * tileHop(level, windowSec, sampleRateHz)) / sampleRateHz;
}

/** The level whose columns are just closer than `secPerPixel`. */
export function levelFor(secPerPixel: number, windowSec: number, sampleRateHz: number): number {
  const finest = tileHop(0, windowSec, sampleRateHz) / sampleRateHz;
  const level = Math.floor(Math.log2(Math.max(secPerPixel, finest) / finest));
  return Math.min(tileLevels - 1, Math.max(0, level));
}
