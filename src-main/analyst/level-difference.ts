import type { Extremes } from '../dsp/minmax.ts';
import type { RealArray } from '../dsp/matrix.ts';

/** Differences beyond this, either way, are drawn as this, in dB: the same for every clip, step and run, so that all compare. */
export const mostDifferenceDb = 30;

/** Level that stands for no difference; 1 and 255 are the ends, so that both sides have equal steps and 0 dB is exact. */
const noDifference = 128;
const levelsEachWay = 127;

/** The scale of pictures of differences: level 128 of 0..255 is 0 dB on it. */
export const differenceScale: Extremes = {
  minDb: -(mostDifferenceDb * noDifference) / levelsEachWay,
  maxDb: mostDifferenceDb,
};

/** A clip's features, `[bins, frames]` in 0..1, with the levels that 0 and 1 stand for. */
export interface Levelled extends Extremes {
  features: RealArray;
}

export interface LevelDifference {
  /** 0..255 on `differenceScale`. */
  levels: Uint8Array;
  /** Root of the mean square over all bins and frames, in dB. */
  rmsDb: number;
  /** Mean: above 0 the estimate is louder. */
  meanDb: number;
}

/**
 * How much louder, in dB, `estimate` is than `original` in each bin of each frame; both of the same STFT.
 *
 * @throws RangeError where they are not of one size.
 */
export function levelDifference(original: Levelled, estimate: Levelled): LevelDifference {
  const count = original.features.length;
  if (estimate.features.length !== count)
    throw new RangeError(`${estimate.features.length} levels cannot be compared with ${count}`);
  const levels = new Uint8Array(count);
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < count; at++) {
    const difference = dbAt(estimate, at) - dbAt(original, at);
    sum += difference;
    squares += difference * difference;
    const part = Math.max(-1, Math.min(1, difference / mostDifferenceDb));
    levels[at] = noDifference + Math.round(levelsEachWay * part);
  }
  return { levels, rmsDb: Math.sqrt(squares / count), meanDb: sum / count };
}

function dbAt({ features, minDb, maxDb }: Levelled, at: number): number {
  return (features[at] as number) * (maxDb - minDb) + minDb;
}
