import type { RealArray } from './matrix.ts';

/** The level of speech while it is active, and how much of the time that is. */
export interface ActiveLevel {
  /** dB relative to full scale (an RMS of 1); -Infinity where nothing is active. */
  levelDbfs: number;
  /** Part of the time, 0..1. */
  activity: number;
}

/** Time constant of the envelope, how long it stays active after it fell, and how far the threshold lies below the level. */
const smoothingSec = 0.03;
const hangoverSec = 0.2;
const marginDb = 15.9;
/** Thresholds are powers of two down to 2^-15. */
const thresholds = 16;

/**
 * Active speech level by method B of ITU-T P.56: the threshold that lies 15.9 dB below the level of what exceeds it, found
 * between thresholds 6 dB apart by halving on both lines.
 */
export function activeSpeechLevel(samples: RealArray, sampleRateHz: number): ActiveLevel {
  const { energy, active } = countActivity(samples, sampleRateHz);
  const none = { levelDbfs: -Infinity, activity: 0 };
  if (energy === 0) return none;
  let above: Point | null = null;
  for (let j = 0; j < thresholds; j++) {
    if (active[j] === 0) return none;
    const point: Point = {
      levelDb: 10 * Math.log10(energy / active[j]!),
      thresholdDb: 20 * Math.log10(2 ** (j - thresholds + 1)),
    };
    const distanceDb = point.levelDb - point.thresholdDb;
    if (distanceDb <= marginDb) {
      const levelDb = above === null ? point.levelDb : crossing(above, point);
      return { levelDbfs: levelDb, activity: energy / samples.length / 10 ** (levelDb / 10) };
    }
    above = point;
  }
  return none;
}

interface Point {
  levelDb: number;
  thresholdDb: number;
}

/** Where the line between two points is `marginDb` from its threshold. */
function crossing(before: Point, after: Point): number {
  let [low, high] = [before, after];
  for (let i = 0; i < 40; i++) {
    const middle = {
      levelDb: (low.levelDb + high.levelDb) / 2,
      thresholdDb: (low.thresholdDb + high.thresholdDb) / 2,
    };
    if (middle.levelDb - middle.thresholdDb > marginDb) low = middle;
    else high = middle;
  }
  return high.levelDb;
}

/** The energy, and for each threshold the samples at which the envelope exceeds it or did within the hangover. */
function countActivity(samples: RealArray, sampleRateHz: number): { energy: number; active: Uint32Array } {
  const keep = Math.exp(-1 / (sampleRateHz * smoothingSec));
  const hangover = Math.ceil(hangoverSec * sampleRateHz);
  const active = new Uint32Array(thresholds);
  const since = new Uint32Array(thresholds).fill(hangover);
  const limits = Float64Array.from(active, (_, j) => 2 ** (j - thresholds + 1));
  let energy = 0;
  let once = 0;
  let twice = 0;
  for (let n = 0; n < samples.length; n++) {
    const sample = samples[n]!;
    energy += sample * sample;
    once = keep * once + (1 - keep) * Math.abs(sample);
    twice = keep * twice + (1 - keep) * once;
    for (let j = 0; j < thresholds; j++) {
      if (twice >= limits[j]!) {
        active[j]!++;
        since[j] = 0;
      } else if (since[j]! < hangover) {
        active[j]!++;
        since[j]!++;
      }
    }
  }
  return { energy, active };
}
