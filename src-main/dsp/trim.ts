import { forEachStretch, frameCount, type PadMode } from './frames.ts';
import type { RealArray } from './matrix.ts';

/** How frames of level are taken; names and defaults are librosa's. */
export interface LevelFrames {
  /** 2048 by default. */
  frameLength?: number;
  /** 512 by default. */
  hopLength?: number;
  /** True by default. */
  center?: boolean;
  /** Zeros by default, as since librosa 0.10; `reflect` is what it did before, and with it papers/004. */
  padMode?: PadMode;
}

/** The root mean square of each frame, `librosa.feature.rms`. */
export function frameRms(samples: RealArray, frames: LevelFrames = {}): Float64Array {
  const settings = {
    nFft: frames.frameLength ?? 2048,
    hopLength: frames.hopLength ?? 512,
    center: frames.center ?? true,
    padMode: frames.padMode ?? 'constant',
  };
  const levels = new Float64Array(frameCount(samples.length, settings));
  forEachStretch(samples, settings, (frame, stretch) => {
    let sum = 0;
    for (let n = 0; n < settings.nFft; n++) sum += stretch[n]! * stretch[n]!;
    levels[frame] = Math.sqrt(sum / settings.nFft);
  });
  return levels;
}

/** Samples `start` to `end`, which is not included. */
export interface Span {
  start: number;
  end: number;
}

/** Levels below this count as this, as in `librosa.amplitude_to_db`. */
const amin = 1e-5;

/**
 * What is left when the silence at both ends is cut: from the first to the last frame whose level is less than `topDb` below
 * the loudest one's, in whole hops. The span of `librosa.effects.trim`; a signal without any level is kept whole, as there.
 */
export function trimSpan(samples: RealArray, topDb = 60, frames: LevelFrames = {}): Span {
  const levels = frameRms(samples, frames);
  const hop = frames.hopLength ?? 512;
  const loudest = levels.reduce((most, level) => Math.max(most, level), amin);
  const gateDb = 20 * Math.log10(loudest) - topDb;
  const isHeard = (level: number): boolean => 20 * Math.log10(Math.max(amin, level)) > gateDb;
  const first = levels.findIndex(isHeard);
  if (first < 0) return { start: 0, end: 0 };
  return {
    start: Math.min(samples.length, first * hop),
    end: Math.min(samples.length, (levels.findLastIndex(isHeard) + 1) * hop),
  };
}
