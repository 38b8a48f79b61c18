import { envelopeLag } from './envelope-lag.ts';
import { shiftBy } from './fractional-shift.ts';
import { findLag } from './lag.ts';
import { dbfs, energy, rms } from './level.ts';
import type { RealArray } from './matrix.ts';

/** Why two sounds were left where they are. */
export type UnalignedReason = 'silent' | 'too-short' | 'unrelated';

export interface AlignmentOptions {
  /** The largest lag that is looked for, either way; 0.1 s by default. Codecs and filters stay below it. */
  mostLagSec?: number;
}

/** How one sound lies against another at the same rate. */
export interface Alignment {
  /** By how much `degraded` came late, in samples, between samples too; 0 where `reason` says that none was found. */
  lagSamples: number;
  /** Of the reference with the degraded where it is put now, -1..1. */
  correlation: number;
  /** `degraded` is upside down. */
  inverted: boolean;
  reason: UnalignedReason | null;
  /**
   * What told the lag: the waveform, to a fraction of a sample; or the course of the level alone, to a few milliseconds, where
   * the phases are others, as those that Griffin-Lim finds.
   */
  method: 'waveform' | 'envelope';
  /** Parts in a million by which `degraded` runs slow; null where the sounds are too short or too unlike to tell. */
  driftPpm: number | null;
}

/** Fewer samples than this hold no lag that could be told from chance. */
const leastSamples = 128;
/** Below this level there is nothing but rounding. */
const silenceDbfs = -90;
/** What unrelated speech reaches by chance when every lag is tried; a lag found there would be one at random. */
const leastCorrelation = 0.3;
/** From here on it is the same waveform, and its peak the lag. */
const sureCorrelation = 0.95;
/** Below this it is told by the waveform only where the level agrees. */
const likelyCorrelation = 0.7;
/** Waveform and level agree on the lag where they are no further apart. */
const agreeSec = 0.0015;
/** A lag by the level alone is no better known than this. */
const coarseSec = 0.004;
/** Levels of the same words; those of other words are less alike. */
const leastEnvelopeCorrelation = 0.9;
/** The loudest stretch of the reference of this length is compared: enough for any lag, and a bounded FFT. */
const comparedSec = 10;

/** Where `degraded` lies against `reference`, both `[samples]` of one channel at `sampleRateHz`. */
export function align(
  reference: RealArray,
  degraded: RealArray,
  sampleRateHz: number,
  options: AlignmentOptions = {},
): Alignment {
  const unaligned = (reason: UnalignedReason, correlation = 0): Alignment => {
    return { lagSamples: 0, correlation, inverted: false, reason, method: 'waveform', driftPpm: null };
  };
  if (Math.min(reference.length, degraded.length) < leastSamples) return unaligned('too-short');
  if (Math.min(dbfs(rms(reference)), dbfs(rms(degraded))) < silenceDbfs) return unaligned('silent');
  const mostLag = Math.round((options.mostLagSec ?? 0.1) * sampleRateHz);
  const from = loudestStretch(reference, Math.round(comparedSec * sampleRateHz));
  const to = Math.min(reference.length, from + Math.round(comparedSec * sampleRateHz));
  // What belongs to the stretch may lie up to the largest lag outside of it.
  const heardFrom = Math.max(0, from - mostLag);
  const heard = degraded.subarray(Math.min(heardFrom, degraded.length), to + mostLag);
  const found = findLag(reference.subarray(from, to), heard, mostLag + from - heardFrom);
  const lagSamples = found.samples + heardFrom - from;
  if (Math.abs(found.correlation) < leastCorrelation || Math.abs(lagSamples) > mostLag + 1) {
    return unaligned('unrelated', correlationAt(reference, degraded));
  }
  if (Math.abs(found.correlation) < sureCorrelation) {
    // Voiced speech with other phases is most alike a pitch period or two away from where it belongs.
    const level = envelopeLag(reference, degraded, sampleRateHz, mostLag / sampleRateHz);
    if (Math.abs(lagSamples - level.samples) > agreeSec * sampleRateHz) {
      if (level.correlation >= leastEnvelopeCorrelation) {
        // Less than it is good to is nothing.
        const coarse = Math.abs(level.samples) < coarseSec * sampleRateHz ? 0 : Math.round(level.samples);
        const correlation = correlationAt(reference, placed(degraded, { lagSamples: coarse }));
        return {
          ...{ lagSamples: coarse, correlation, inverted: false, reason: null },
          ...{ method: 'envelope', driftPpm: null },
        };
      }
      if (Math.abs(found.correlation) < likelyCorrelation)
        return unaligned('unrelated', correlationAt(reference, degraded));
    }
  }
  return {
    lagSamples,
    method: 'waveform',
    correlation: found.correlation,
    inverted: found.correlation < 0,
    reason: null,
    driftPpm: driftOf(reference, degraded, sampleRateHz, lagSamples),
  };
}

function correlationAt(reference: RealArray, degraded: RealArray): number {
  const norm = Math.sqrt(energy(reference) * energy(degraded));
  return norm === 0 ? 0 : dot(reference, degraded) / norm;
}

/** Where the stretch of `length` samples with the most energy begins. */
function loudestStretch(samples: RealArray, length: number): number {
  let [best, bestAt] = [0, 0];
  const hop = Math.max(1, length >> 3);
  for (let at = 0; at === 0 || at + length <= samples.length; at += hop) {
    const sum = energy(samples.subarray(at, at + length));
    if (sum > best) [best, bestAt] = [sum, at];
  }
  return bestAt;
}

const segmentSec = 0.5;
const leastSegments = 4;
/** A slope less sure than this says nothing. */
const mostErrorPpm = 50;

/** The slope of the lag over the time, from segments that are alike enough to tell theirs. */
function driftOf(
  reference: RealArray,
  degraded: RealArray,
  sampleRateHz: number,
  lagSamples: number,
): number | null {
  const length = Math.round(segmentSec * sampleRateHz);
  const whole = Math.round(lagSamples);
  const reach = Math.max(16, Math.round(0.002 * sampleRateHz));
  const points: { at: number; lag: number }[] = [];
  for (let at = 0; at + length <= reference.length; at += length) {
    const from = at + whole;
    if (from < 0 || from + length > degraded.length) continue;
    const segment = reference.subarray(at, at + length);
    if (dbfs(rms(segment)) < silenceDbfs) continue;
    const found = findLag(segment, degraded.subarray(from, from + length), reach);
    if (Math.abs(found.correlation) > 0.7) points.push({ at: at + length / 2, lag: found.samples });
  }
  const { slope, error } = fitLine(points);
  return points.length < leastSegments || !(error * 1e6 < mostErrorPpm) ? null : slope * 1e6;
}

/** The least-squares line through points, and the standard error of its slope. */
function fitLine(points: readonly { at: number; lag: number }[]): { slope: number; error: number } {
  const count = points.length;
  const meanAt = points.reduce((sum, { at }) => sum + at, 0) / count;
  const meanLag = points.reduce((sum, { lag }) => sum + lag, 0) / count;
  const spread = points.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  const slope = points.reduce((sum, { at, lag }) => sum + (at - meanAt) * (lag - meanLag), 0) / spread;
  const off = points.reduce((sum, { at, lag }) => sum + (lag - meanLag - slope * (at - meanAt)) ** 2, 0);
  return { slope, error: Math.sqrt(off / Math.max(1, count - 2) / spread) };
}

/** `degraded` put where `alignment` says, from the reference's first sample on, to its own end. */
export function placed(
  degraded: RealArray,
  { lagSamples }: Pick<Alignment, 'lagSamples'>,
): Float32Array<ArrayBuffer> {
  return shiftBy(degraded, lagSamples, Math.max(0, Math.ceil(degraded.length - lagSamples)));
}

/** What is left of the reference when as much of the degraded as is in it is taken away. */
export interface Residual {
  /** The factor on `degraded` that leaves the least; negative where it is upside down. 0 for silence. */
  gain: number;
  /** As long as the reference: `reference - gain * degraded`, the degraded being zero where it has ended. */
  samples: Float32Array<ArrayBuffer>;
  /** Its level over what both have; -Infinity where nothing is left. */
  levelDbfs: number;
  /** The same against the reference's own level there: -20 says that a hundredth of the power is left. */
  relativeDb: number;
}

/** The residual of two sounds that are in place, by least squares over what both have. */
export function residualOf(reference: RealArray, inPlace: RealArray): Residual {
  const shared = Math.min(reference.length, inPlace.length);
  const [one, other] = [reference.subarray(0, shared), inPlace.subarray(0, shared)];
  const power = energy(other);
  const gain = power === 0 ? 0 : dot(one, other) / power;
  const samples = new Float32Array(reference.length);
  for (let n = 0; n < reference.length; n++)
    samples[n] = reference[n]! - (n < shared ? gain * inPlace[n]! : 0);
  const level = rms(samples.subarray(0, shared));
  return {
    gain,
    samples,
    levelDbfs: dbfs(level),
    relativeDb: level === 0 ? -Infinity : dbfs(level) - dbfs(rms(one)),
  };
}

function dot(a: RealArray, b: RealArray): number {
  let sum = 0;
  for (let n = 0; n < Math.min(a.length, b.length); n++) sum += a[n]! * b[n]!;
  return sum;
}
