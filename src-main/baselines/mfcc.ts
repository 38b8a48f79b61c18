import { nextPowerOfTwo } from '../dsp/fft.ts';
import { griffinLim } from '../dsp/griffin-lim.ts';
import { magnitude, stft } from '../dsp/stft.ts';
import { badSetting, type Baseline, noMoreThan, numberSetting } from './baseline.ts';

const floor = 1e-10;
const iterations = 32;

/** Few cepstral coefficients, quantised, and the way back: what a classical feature keeps of speech. */
export const mfccInversion: Baseline = {
  name: 'mfcc',
  title: 'Quantised MFCC inversion',
  help: 'MFCC (coefficients, bits each, mel bands) of 32 ms frames every 16 ms, uniformly quantised over the range of the recording, inverted by pseudo-inverse and Griffin-Lim.',
  example: 'mfcc:13,8,40',
  available: () => true,
  prepare(words) {
    noMoreThan(this, words, 3);
    const read = (at: number, title: string, least: number, most: number, otherwise: number): number => {
      const value = numberSetting(this, words[at], { title, least, most, otherwise });
      if (!Number.isInteger(value)) throw badSetting(this, String(value), `${title} is a whole number`);
      return value;
    };
    const coefficients = read(0, 'the number of coefficients', 1, 128, 13);
    const bits = read(1, 'the number of bits', 1, 16, 8);
    const bands = read(2, 'the number of mel bands', 2, 128, 40);
    if (coefficients > bands) {
      throw badSetting(this, String(coefficients), `there are no more coefficients than bands (${bands})`);
    }
    return {
      settings: `${coefficients} coefficients of ${bands} HTK mel bands at ${bits} bits, Griffin-Lim with ${iterations} iterations, seed 0`,
      apply: (samples, sampleRateHz) => {
        const nFft = Math.max(64, nextPowerOfTwo(0.032 * sampleRateHz * (1 - 1e-9)));
        const shape = { nFft, hopLength: nFft / 2 };
        const spectrum = magnitude(stft(samples, shape));
        const bank = melBank(bands, spectrum.bins, sampleRateHz, nFft);
        const cepstra = quantised(cepstraOf(spectrum, bank, coefficients), coefficients, bits);
        const magnitudes = backFrom(cepstra, bank, coefficients, spectrum.bins, spectrum.frames);
        const length = samples.length;
        const inverted = { bins: spectrum.bins, frames: spectrum.frames, data: magnitudes };
        const signal = griffinLim(inverted, { ...shape, hopLength: nFft / 2, iterations, seed: 0, length });
        const output = new Float32Array(length);
        output.set(signal.subarray(0, length));
        // The ends of each coefficient's range go along, as floats.
        const codedBits = spectrum.frames * coefficients * bits + 2 * 32 * coefficients;
        return { samples: output, sampleRateHz, codedBits };
      },
    };
  },
};

/** One band's weights by bin, from `first` on; they sum to one, so that a band is a mean of power. */
export interface Band {
  first: number;
  weights: Float64Array;
}

export function melBank(bands: number, bins: number, sampleRateHz: number, nFft: number): Band[] {
  const mel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);
  const hz = (of: number): number => 700 * (10 ** (of / 2595) - 1);
  const most = mel(sampleRateHz / 2);
  const edges = Array.from({ length: bands + 2 }, (_, n) => hz((most * n) / (bands + 1)));
  return Array.from({ length: bands }, (_, band) => {
    const [low, centre, high] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    const all = Float64Array.from({ length: bins }, (_, bin) => {
      const at = (bin * sampleRateHz) / nFft;
      return Math.max(0, Math.min((at - low) / (centre - low), (high - at) / (high - centre)));
    });
    // A band between two bins takes the nearest one.
    if (all.every((weight) => weight === 0)) all[Math.round((centre * nFft) / sampleRateHz)] = 1;
    const first = all.findIndex((weight) => weight > 0);
    const last = all.findLastIndex((weight) => weight > 0);
    const sum = all.reduce((total, weight) => total + weight, 0);
    return { first, weights: all.slice(first, last + 1).map((weight) => weight / sum) };
  });
}

/** `[frames, coefficients]`: the orthonormal DCT-II of the log power of the bands. */
export function cepstraOf(
  { bins, frames, data }: { bins: number; frames: number; data: ArrayLike<number> },
  bank: readonly Band[],
  coefficients: number,
): Float64Array {
  const cepstra = new Float64Array(frames * coefficients);
  const cosines = dct(bank.length, coefficients);
  for (let frame = 0; frame < frames; frame++) {
    for (const [band, { first, weights }] of bank.entries()) {
      let power = 0;
      for (const [offset, weight] of weights.entries()) {
        const bin = first + offset;
        if (bin < bins) power += weight * data[bin * frames + frame]! ** 2;
      }
      const log = Math.log(Math.max(floor, power));
      for (let n = 0; n < coefficients; n++) {
        cepstra[frame * coefficients + n]! += log * cosines[n * bank.length + band]!;
      }
    }
  }
  return cepstra;
}

/** Each coefficient in 2^bits levels between its least and its largest value. */
function quantised(cepstra: Float64Array, coefficients: number, bits: number): Float64Array {
  const steps = 2 ** bits - 1;
  const output = new Float64Array(cepstra.length);
  for (let n = 0; n < coefficients; n++) {
    let [low, high] = [Infinity, -Infinity];
    for (let at = n; at < cepstra.length; at += coefficients) {
      low = Math.min(low, cepstra[at]!);
      high = Math.max(high, cepstra[at]!);
    }
    for (let at = n; at < cepstra.length; at += coefficients) {
      const cell = high > low ? Math.round(((cepstra[at]! - low) / (high - low)) * steps) : 0;
      output[at] = high > low ? low + (cell / steps) * (high - low) : low;
    }
  }
  return output;
}

/** Magnitudes `[bins, frames]`: each bin the mean of the bands that it lies in, weighted as they weigh it. */
export function backFrom(
  cepstra: Float64Array,
  bank: readonly Band[],
  coefficients: number,
  bins: number,
  frames: number,
): Float64Array {
  const cosines = dct(bank.length, coefficients);
  const share = new Float64Array(bins);
  for (const { first, weights } of bank) {
    for (const [offset, weight] of weights.entries()) share[first + offset]! += weight;
  }
  const magnitudes = new Float64Array(bins * frames);
  for (let frame = 0; frame < frames; frame++) {
    for (const [band, { first, weights }] of bank.entries()) {
      let log = 0;
      for (let n = 0; n < coefficients; n++) {
        log += cepstra[frame * coefficients + n]! * cosines[n * bank.length + band]!;
      }
      const power = Math.exp(log);
      for (const [offset, weight] of weights.entries()) {
        magnitudes[(first + offset) * frames + frame]! += (weight * power) / share[first + offset]!;
      }
    }
  }
  return magnitudes.map(Math.sqrt);
}

/** `[coefficients, bands]` of the orthonormal DCT-II; its transpose is the way back. */
function dct(bands: number, coefficients: number): Float64Array {
  return Float64Array.from({ length: coefficients * bands }, (_, at) => {
    const [n, band] = [Math.floor(at / bands), at % bands];
    return Math.sqrt((n === 0 ? 1 : 2) / bands) * Math.cos((Math.PI * n * (band + 0.5)) / bands);
  });
}
