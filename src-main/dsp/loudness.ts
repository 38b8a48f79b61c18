import { dbfs, energy } from './level.ts';
import type { RealArray } from './matrix.ts';
import { resample } from './resample.ts';

/** How loud a sound is, for playing two at the same loudness. ITU-R BS.1770-5, and the level of active speech where that has no answer. */

/** Blocks of the gate: 400 ms, three quarters of each in the next. */
const blockSec = 0.4;
const blockOverlap = 4;
const absoluteGateLkfs = -70;
const relativeGateLu = -10;
/** The offset that makes a 997 Hz sine at full scale in one channel -3.01 LKFS. */
const offsetLkfs = -0.691;

/**
 * Programme loudness of all channels together (each with weight 1: mono, stereo) after both gates, in LKFS. Null for less
 * than one block of 400 ms, and where every block is below the absolute gate.
 */
export function integratedLoudness(channels: readonly RealArray[], sampleRateHz: number): number | null {
  const powers = blockPowers(channels, sampleRateHz);
  const audible = powers.filter((power) => loudnessOf(power) > absoluteGateLkfs);
  if (audible.length === 0) return null;
  const gateLkfs = loudnessOf(mean(audible)) + relativeGateLu;
  const counted = audible.filter((power) => loudnessOf(power) > gateLkfs);
  return counted.length === 0 ? null : loudnessOf(mean(counted));
}

/**
 * Momentary loudness in LKFS (BS.1770-5, EBU Tech 3341): of 400 ms, every 100 ms, of all channels together, no gate. -Infinity for
 * silence; nothing for less than 400 ms.
 */
export function momentaryLoudness(channels: readonly RealArray[], sampleRateHz: number): Float64Array {
  return Float64Array.from(blockPowers(channels, sampleRateHz), loudnessOf);
}

/** Mean squares of the K-weighted channels, summed over them, of each block of the gate. */
function blockPowers(channels: readonly RealArray[], sampleRateHz: number): number[] {
  const hop = Math.round((blockSec / blockOverlap) * sampleRateHz);
  const length = channels[0]?.length ?? 0;
  const hops = hop === 0 ? 0 : Math.floor(length / hop);
  const perHop = new Float64Array(hops);
  for (const channel of channels) {
    const weighted = kWeighted(channel, sampleRateHz);
    for (let at = 0; at < hops; at++) perHop[at]! += energy(weighted.subarray(at * hop, (at + 1) * hop));
  }
  const powers: number[] = [];
  for (let at = 0; at + blockOverlap <= hops; at++) {
    let sum = 0;
    for (let part = 0; part < blockOverlap; part++) sum += perHop[at + part]!;
    powers.push(sum / (blockOverlap * hop));
  }
  return powers;
}

function loudnessOf(power: number): number {
  return power > 0 ? offsetLkfs + 10 * Math.log10(power) : -Infinity;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/**
 * The K weighting at any rate: the recommendation gives its two filters as numbers for 48 kHz; these are their analogue
 * prototypes, turned into digital ones at the rate that is asked for.
 */
export function kWeighted(samples: RealArray, sampleRateHz: number): Float64Array {
  return filter(filter(samples, headShelf(sampleRateHz)), lowCut(sampleRateHz));
}

/** Stage 1, the head: +4 dB from some 2 kHz on. */
function headShelf(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * Math.min(1681.974450955533, 0.49 * sampleRateHz)) / sampleRateHz);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b0: (high + (band * k) / q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  };
}

/** Stage 2, the low cut below some 38 Hz. */
function lowCut(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  // The recommendation leaves this numerator unscaled.
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 };
}

function filter(samples: RealArray, { b0, b1, b2, a1, a2 }: Biquad): Float64Array {
  const output = new Float64Array(samples.length);
  let s1 = 0;
  let s2 = 0;
  for (let n = 0; n < samples.length; n++) {
    const x = samples[n]!;
    const y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    output[n] = y;
  }
  return output;
}

/** Frames for the level of active speech, and how far below the loudest one a frame may lie. */
const frameSec = 0.02;
const activeRangeDb = 30;

/**
 * The level while somebody speaks, in dBFS: the RMS of the frames of 20 ms that lie within 30 dB of the loudest one. For
 * clips too short for `integratedLoudness`; -Infinity for silence. Channels are averaged in power.
 */
export function activeLevelDbfs(channels: readonly RealArray[], sampleRateHz: number): number {
  const length = channels[0]?.length ?? 0;
  const frame = Math.max(1, Math.min(length, Math.round(frameSec * sampleRateHz)));
  const powers: number[] = [];
  for (let at = 0; at + frame <= length; at += frame) {
    let sum = 0;
    for (const channel of channels) sum += energy(channel.subarray(at, at + frame));
    powers.push(sum / (frame * channels.length));
  }
  const gate = powers.reduce((most, power) => Math.max(most, power), 0) * 10 ** (-activeRangeDb / 10);
  const active = powers.filter((power) => power > 0 && power >= gate);
  return active.length === 0 ? -Infinity : dbfs(Math.sqrt(mean(active)));
}

/** The largest magnitude between the samples too, from four times the rate (BS.1770 annex 2): what a converter has to put out. */
export function truePeak(channels: readonly RealArray[], sampleRateHz: number): number {
  let largest = 0;
  for (const channel of channels) {
    for (const values of [channel, resample(channel, sampleRateHz, 4 * sampleRateHz)]) {
      for (let n = 0; n < values.length; n++) largest = Math.max(largest, Math.abs(values[n]!));
    }
  }
  return largest;
}

/** By what two sounds were compared in loudness. */
export type LevelMethod = 'loudness' | 'active-speech' | 'none';

export interface LevelMatch {
  method: LevelMethod;
  /** LKFS or dBFS, as the method says; -Infinity for silence. */
  referenceDb: number;
  degradedDb: number;
  /** What makes the degraded sound as loud as the reference. */
  gainDb: number;
  /** The gain would have been larger than `mostGainDb` and was held there. */
  limited: boolean;
}

/** No more than this is put on or taken off: what is quieter still is noise, and would be played as loud as speech. */
export const mostGainDb = 30;

/**
 * The gain at which `degraded` is as loud as `reference`, both at `sampleRateHz`: by programme loudness where both are long
 * and loud enough for it, else by the level of active speech. No gain where either is silent.
 */
export function matchLevel(
  reference: readonly RealArray[],
  degraded: readonly RealArray[],
  sampleRateHz: number,
): LevelMatch {
  const loudness = [reference, degraded].map((one) => integratedLoudness(one, sampleRateHz));
  const [referenceLkfs, degradedLkfs] = loudness;
  if (typeof referenceLkfs === 'number' && typeof degradedLkfs === 'number') {
    return { method: 'loudness', ...matched(referenceLkfs, degradedLkfs) };
  }
  const referenceDb = activeLevelDbfs(reference, sampleRateHz);
  const degradedDb = activeLevelDbfs(degraded, sampleRateHz);
  if (referenceDb < absoluteGateLkfs || degradedDb < -120) {
    return { method: 'none', referenceDb, degradedDb, gainDb: 0, limited: false };
  }
  return { method: 'active-speech', ...matched(referenceDb, degradedDb) };
}

function matched(referenceDb: number, degradedDb: number) {
  const wanted = referenceDb - degradedDb;
  const gainDb = Math.max(-mostGainDb, Math.min(mostGainDb, wanted));
  return { referenceDb, degradedDb, gainDb, limited: gainDb !== wanted };
}
