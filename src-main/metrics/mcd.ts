import { nextPowerOfTwo } from '../dsp/fft.ts';
import type { RealArray } from '../dsp/matrix.ts';
import { forEachFrame, frameCount } from '../dsp/stft.ts';
import { blank, judged, type Metric } from './metric.ts';

const bandCount = 40;
const order = 24;
/** Power of a band below this counts as this. */
const floor = 1e-10;
/** Frames of the reference more than this below its loudest say nothing of timbre. */
const dynamicRangeDb = 40;

/** How far apart the timbres are: the distance of mel-cepstra, frame by frame. */
export const mcd: Metric = {
  key: 'mcd_db',
  title: 'MCD',
  variant:
    'frame by frame, no warping; c1..c24 of 40 HTK mel bands (32 ms Hann, half overlapping); reference frames within 40 dB of the loudest; not the SPTK or WORLD analysis',
  unit: 'dB',
  range: [0, null],
  better: 'lower',
  ratesHz: null,
  source:
    "Kubichek: Mel-cepstral distance measure for objective speech quality assessment, IEEE PacRim 1993: 10 / ln 10 sqrt(2 sum (c - c')^2)",
  needsEqualLengths: true,
  measure({ reference, degraded, sampleRateHz }) {
    const [one, other] = [melCepstra(reference, sampleRateHz), melCepstra(degraded, sampleRateHz)];
    let loudest = 0;
    for (const power of one.power) loudest = Math.max(loudest, power);
    const least = loudest / 10 ** (dynamicRangeDb / 10);
    let [sum, frames] = [0, 0];
    for (const [frame, power] of one.power.entries()) {
      if (power <= least) continue;
      let squares = 0;
      for (let n = 0; n < order; n++) {
        squares += (one.cepstra[frame * order + n]! - other.cepstra[frame * order + n]!) ** 2;
      }
      sum += (10 / Math.LN10) * Math.sqrt(2 * squares);
      frames++;
    }
    return frames === 0 ? blank('too-short', 'there is no frame of sound') : judged(sum / frames);
  },
};

interface Cepstra {
  /** Of each frame, over all bands. */
  power: Float64Array;
  /** `[frames, 24]`, of the log amplitude, c0 left out. */
  cepstra: Float64Array;
}

function melCepstra(samples: RealArray, sampleRateHz: number): Cepstra {
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
