import { nextPowerOfTwo } from '../dsp/fft.ts';
import type { RealArray } from '../dsp/matrix.ts';
import { forEachFrame, frameCount } from '../dsp/stft.ts';

const bandCount = 40;
/** Numbers of a cepstrum: c1 to c24. */
export const order = 24;
/** Power of a band below this counts as this. */
const floor = 1e-10;
/** Frames of the reference more than this below its loudest say nothing of timbre. */
const dynamicRangeDb = 40;

/** Mel-cepstra of a sound, frame by frame. */
export interface MelCepstra {
  /** Of each frame, over all bands `[frames]`. */
  power: Float64Array;
  /** `[frames, 24]`, of the log amplitude, c0 left out. */
  cepstra: Float64Array;
}

/** Numbers of the frames that hold sound: those within 40 dB of the loudest. */
export function soundingFrames({ power }: MelCepstra): number[] {
  let loudest = 0;
  for (const one of power) loudest = Math.max(loudest, one);
  const least = loudest / 10 ** (dynamicRangeDb / 10);
  const frames: number[] = [];
  for (const [frame, one] of power.entries()) if (one > least) frames.push(frame);
  return frames;
}

/** Distance of a frame of one sound to a frame of another, in dB: 10 / ln 10 sqrt(2 sum (c - c')^2). */
export function cepstralDistanceDb(
  one: MelCepstra,
  frame: number,
  other: MelCepstra,
  otherFrame: number,
): number {
  let squares = 0;
  for (let n = 0; n < order; n++) {
    squares += (one.cepstra[frame * order + n]! - other.cepstra[otherFrame * order + n]!) ** 2;
  }
  return (10 / Math.LN10) * Math.sqrt(2 * squares);
}

/** c1 to c24 of 40 HTK mel bands; Hann windows of 32 ms (a power of two in samples), half overlapping, centred. */
export function melCepstra(samples: RealArray, sampleRateHz: number): MelCepstra {
  const nFft = Math.max(64, nextPowerOfTwo(0.032 * sampleRateHz * (1 - 1e-9)));
  const options = { nFft, hopLength: nFft / 2 };
  const frames = frameCount(samples.length, options);
  const bank = melBank(nFft, sampleRateHz);
  const power = new Float64Array(frames);
  const cepstra = new Float64Array(frames * order);
  const cosines = Float64Array.from({ length: order * bandCount }, (_, at) =>
    Math.cos((Math.PI * (Math.floor(at / bandCount) + 1) * ((at % bandCount) + 0.5)) / bandCount),
  );
  const logs = new Float64Array(bandCount);
  // Frames of zeros are not visited: their cepstrum is zero, as that of any flat spectrum.
  forEachFrame(samples, options, (frame, re, im) => {
    for (const [band, weights] of bank.entries()) {
      let sum = 0;
      for (const { bin, weight } of weights) sum += weight * (re[bin]! * re[bin]! + im[bin]! * im[bin]!);
      power[frame]! += sum;
      logs[band] = 0.5 * Math.log(Math.max(floor, sum));
    }
    for (let n = 0; n < order; n++) {
      let sum = 0;
      for (let band = 0; band < bandCount; band++) sum += logs[band]! * cosines[n * bandCount + band]!;
      cepstra[frame * order + n] = (2 / bandCount) * sum;
    }
  });
  return { power, cepstra };
}

/** Triangles that overlap by half on the HTK mel scale, from 0 to half the rate. */
function melBank(nFft: number, sampleRateHz: number): { bin: number; weight: number }[][] {
  const most = melOf(sampleRateHz / 2);
  const edges = Array.from({ length: bandCount + 2 }, (_, n) => hzOf((most * n) / (bandCount + 1)));
  return Array.from({ length: bandCount }, (_, band) => {
    const [low, centre, high] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    const weights: { bin: number; weight: number }[] = [];
    for (let bin = 0; bin <= nFft / 2; bin++) {
      const hz = (bin * sampleRateHz) / nFft;
      const weight = Math.min((hz - low) / (centre - low), (high - hz) / (high - centre));
      if (weight > 0) weights.push({ bin, weight });
    }
    return weights;
  });
}

function melOf(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

function hzOf(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
