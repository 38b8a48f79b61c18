import { dbfs, energy, peak } from './level.ts';
import { activeLevelDbfs } from './loudness.ts';
import type { RealArray } from './matrix.ts';

/**
 * Finding, trimming and levelling what was said in a recording: by the level of short frames alone, so that what was cut
 * away can be explained by one line in a picture.
 */

/** Samples `from` to `to`, which is not included. */
export interface Utterance {
  from: number;
  to: number;
  /** Sum of the squared samples. */
  energy: number;
}

type Run = Pick<Utterance, 'from' | 'to'>;

export interface UtteranceOptions {
  /** Level of a frame in dBFS from which it counts as speech; null finds one between the noise and the speech. */
  thresholdDb?: number | null;
  /** Shorter pauses are part of what is said. */
  leastGapSec?: number;
  /** Shorter sounds (a click of the mouse, a lip) are none. */
  leastSpeechSec?: number;
  /** Kept before and after what is said. */
  padSec?: number;
}

export interface FoundUtterances {
  utterances: Utterance[];
  /** The level that was used, in dBFS; null where all is silent. */
  thresholdDb: number | null;
  /** Level of what lies under the speech, in dBFS: the tenth part of the frames that is the quietest stays below. */
  noiseDb: number;
  /** Of the loudest frame, in dBFS. */
  loudestDb: number;
}

export const utteranceDefaults = { leastGapSec: 0.35, leastSpeechSec: 0.08, padSec: 0.05 } as const;

/** Frames in which levels are counted. */
const frameSec = 0.01;
/** Frames below this are as good as silent: 16 bits hold nothing there but rounding. */
const silenceDb = -90;
/** An utterance begins above the threshold and goes on down to this much below it: soft beginnings ("f", "s") belong to it. */
const hysteresisDb = 6;

/**
 * The level that tells speech from what lies under it: 12 dB above the noise, but at least 40 dB below the loudest frame
 * (an "s" is still speech there) and at most 10 dB below it. Null where the loudest frame is silent.
 */
export function speechThresholdDb(noiseDb: number, loudestDb: number): number | null {
  if (loudestDb <= silenceDb) return null;
  return Math.min(loudestDb - 10, Math.max(noiseDb + 12, loudestDb - 40));
}

/** Where something is said in `samples` `[time]` of one channel, in order and never overlapping. */
export function findUtterances(
  samples: RealArray,
  sampleRateHz: number,
  options: UtteranceOptions = {},
): FoundUtterances {
  const { leastGapSec, leastSpeechSec, padSec } = { ...utteranceDefaults, ...options };
  const frame = Math.max(1, Math.round(frameSec * sampleRateHz));
  const levels = frameLevelsDb(samples, frame);
  const noiseDb = Math.max(silenceDb, quantile(levels, 0.1));
  const loudestDb = levels.reduce((most, level) => Math.max(most, level), -Infinity);
  const thresholdDb = options.thresholdDb ?? speechThresholdDb(noiseDb, loudestDb);
  if (thresholdDb === null) return { utterances: [], thresholdDb, noiseDb, loudestDb };
  const runs = loudRuns(levels, thresholdDb, Math.max(1, Math.round(leastGapSec / frameSec)));
  const leastFrames = Math.max(1, Math.round(leastSpeechSec / frameSec));
  const kept = runs.filter(({ from, to }) => to - from >= leastFrames);
  const utterances = padded(kept, samples.length, frame, padSec * sampleRateHz).map(({ from, to }) => {
    return { from, to, energy: energy(samples.subarray(from, to)) };
  });
  return { utterances, thresholdDb, noiseDb, loudestDb };
}

/** The level of each frame in dBFS, the last one as long as what is left. */
export function frameLevelsDb(samples: RealArray, frame: number): Float64Array {
  const levels = new Float64Array(Math.ceil(samples.length / frame));
  for (let at = 0; at < levels.length; at++) {
    const part = samples.subarray(at * frame, (at + 1) * frame);
    levels[at] = dbfs(Math.sqrt(energy(part) / part.length));
  }
  return levels;
}

/** Runs of frames that reach the threshold, their soft ends with them, joined over gaps that are too short. */
function loudRuns(levels: Float64Array, thresholdDb: number, leastGap: number): Run[] {
  const low = thresholdDb - hysteresisDb;
  const runs: Run[] = [];
  for (let at = 0; at < levels.length; at++) {
    if (levels[at]! < thresholdDb) continue;
    let from = at;
    while (from > 0 && levels[from - 1]! >= low) from--;
    let to = at + 1;
    while (to < levels.length && levels[to]! >= low) to++;
    const last = runs.at(-1);
    if (last && from - last.to < leastGap) last.to = to;
    else runs.push({ from, to });
    at = to;
  }
  return runs;
}

/** Frames as samples with what is kept around them; neighbours share what lies between them. */
function padded(runs: readonly Run[], length: number, frame: number, pad: number): Run[] {
  const bare = runs.map(({ from, to }) => ({ from: from * frame, to: Math.min(length, to * frame) }));
  return bare.map(({ from, to }, at) => {
    const before = at === 0 ? 0 : Math.ceil((bare[at - 1]!.to + from) / 2);
    const after = at === bare.length - 1 ? length : Math.floor((to + bare[at + 1]!.from) / 2);
    return {
      from: Math.max(before, Math.round(from - pad)),
      to: Math.min(after, Math.round(to + pad)),
    };
  });
}

function quantile(values: Float64Array, share: number): number {
  if (values.length === 0) return -Infinity;
  return values.toSorted()[Math.min(values.length - 1, Math.floor(share * values.length))]!;
}

/** Peaks stay below this, whatever level is asked for. */
export const highestPeakDb = -1;

export interface Levelled {
  samples: Float32Array<ArrayBuffer>;
  /** What was put on. */
  gainDb: number;
  /** The level while something is said, afterwards. -Infinity for silence. */
  levelDb: number;
  peakDb: number;
  /** The level asked for would have brought its peaks above `highestPeakDb`: it is as loud as they allow. */
  limited: boolean;
}

/**
 * One utterance `[time]` at a stated level while something is said (`activeLevelDbfs`), never clipped; null leaves the level
 * as it is. Its first and last 5 ms are faded, as a cut through noise would click.
 */
export function levelUtterance(samples: RealArray, sampleRateHz: number, levelDb: number | null): Levelled {
  const faded = Float32Array.from(samples);
  fadeEnds(faded, Math.min(Math.round(0.005 * sampleRateHz), Math.floor(faded.length / 4)));
  const activeDb = activeLevelDbfs([faded], sampleRateHz);
  const peakDb = dbfs(peak(faded));
  const wanted = levelDb === null || activeDb === -Infinity ? 0 : levelDb - activeDb;
  const room = levelDb === null || peakDb === -Infinity ? wanted : highestPeakDb - peakDb;
  const gainDb = Math.min(wanted, room);
  const gain = 10 ** (gainDb / 20);
  return {
    samples: gainDb === 0 ? faded : faded.map((sample) => sample * gain),
    gainDb,
    levelDb: activeDb + gainDb,
    peakDb: peakDb + gainDb,
    limited: gainDb < wanted,
  };
}

function fadeEnds(samples: Float32Array, length: number): void {
  for (let at = 0; at < length; at++) {
    const factor = 0.5 - 0.5 * Math.cos((Math.PI * (at + 0.5)) / length);
    samples[at]! *= factor;
    samples[samples.length - 1 - at]! *= factor;
  }
}
