import type { RealArray } from '../../dsp/matrix.ts';
import { realFft } from '../../dsp/fft.ts';
import { stoiRateHz, toStoiRate } from './resample-10k.ts';

/** Frames of 25.6 ms that overlap by half, with as many zeros behind. */
const frame = 256;
const hop = frame / 2;
const fftSize = 512;
/** Frames more than this below the loudest of the reference are silence. */
const dynamicRangeDb = 40;
/** One-third octaves, the lowest centred on 150 Hz. */
export const bandCount = 15;
const lowestHz = 150;
/** Frames of a segment: 384 ms. */
export const segmentFrames = 30;

/** Amplitudes in one-third octaves over time, `[frames, bands]`. */
export interface BandEnvelopes {
  frames: number;
  reference: Float64Array;
  degraded: Float64Array;
}

let last: { reference: RealArray; degraded: RealArray; rateHz: number; envelopes: BandEnvelopes } | null =
  null;

/** The envelopes of a pair, once for STOI and ESTOI. */
export function bandEnvelopes(
  reference: RealArray,
  degraded: RealArray,
  sampleRateHz: number,
): BandEnvelopes {
  if (last?.reference === reference && last.degraded === degraded && last.rateHz === sampleRateHz) {
    return last.envelopes;
  }
  const envelopes = freshEnvelopes(reference, degraded, sampleRateHz);
  last = { reference, degraded, rateHz: sampleRateHz, envelopes };
  return envelopes;
}

/** Both sounds at 10 kHz, without the frames in which the reference is silent, in bands. */
function freshEnvelopes(reference: RealArray, degraded: RealArray, sampleRateHz: number): BandEnvelopes {
  const one = toStoiRate(reference, sampleRateHz);
  const other = toStoiRate(degraded, sampleRateHz);
  const active = activeFrames(one);
  const [oneActive, otherActive] = [joinFrames(one, active), joinFrames(other, active)];
  // As in the original a frame must end before the last sample.
  const frames = Math.max(0, Math.ceil((oneActive.length - frame) / hop));
  return {
    frames,
    reference: analyse(oneActive, frames),
    degraded: analyse(otherActive, frames),
  };
}

/** Hann without its zero ends, as Matlab's. */
const window = Float64Array.from(
  { length: frame },
  (_, n) => 0.5 * (1 - Math.cos((2 * Math.PI * (n + 1)) / (frame + 1))),
);

/** First samples of the frames that are within 40 dB of the loudest. */
function activeFrames(reference: RealArray): number[] {
  const levelsDb: number[] = [];
  for (let at = 0; at + frame < reference.length; at += hop) {
    let sum = 0;
    for (let n = 0; n < frame; n++) sum += (window[n]! * reference[at + n]!) ** 2;
    levelsDb.push(20 * Math.log10(Math.sqrt(sum) + Number.EPSILON));
  }
  const loudest = levelsDb.reduce((most, level) => Math.max(most, level), -Infinity);
  return levelsDb.flatMap((level, index) => (level > loudest - dynamicRangeDb ? [index * hop] : []));
}

/** Windowed frames put one behind the other, overlapping by half. */
function joinFrames(samples: RealArray, starts: readonly number[]): Float64Array {
  const joined = new Float64Array(starts.length === 0 ? 0 : (starts.length - 1) * hop + frame);
  for (const [index, start] of starts.entries()) {
    for (let n = 0; n < frame; n++) joined[index * hop + n]! += window[n]! * samples[start + n]!;
  }
  return joined;
}

function analyse(samples: Float64Array, frames: number): Float64Array {
  const bands = thirdOctaves();
  const envelopes = new Float64Array(frames * bandCount);
  const fft = realFft(fftSize);
  const input = new Float64Array(fftSize);
  const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
  for (let index = 0; index < frames; index++) {
    for (let n = 0; n < frame; n++) input[n] = window[n]! * samples[index * hop + n]!;
    fft.forward(input, re, im);
    for (const [band, { from, to }] of bands.entries()) {
      let power = 0;
      for (let bin = from; bin < to; bin++) power += re[bin]! * re[bin]! + im[bin]! * im[bin]!;
      envelopes[index * bandCount + band] = Math.sqrt(power);
    }
  }
  return envelopes;
}

/** Bins `from` .. `to` (not included) of each band, its edges being the nearest bins. */
function thirdOctaves(): { from: number; to: number }[] {
  const nearest = (frequencyHz: number): number => Math.round((frequencyHz * fftSize) / stoiRateHz);
  return Array.from({ length: bandCount }, (_, band) => ({
    from: nearest(lowestHz * 2 ** ((2 * band - 1) / 6)),
    to: nearest(lowestHz * 2 ** ((2 * band + 1) / 6)),
  }));
}
