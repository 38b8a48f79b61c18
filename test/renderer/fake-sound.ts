import type { z } from 'zod';
import type {
  soundSchema,
  spectrogramPictureSchema,
} from '../../src-preload/contract/commands/recordings.ts';
import { forEachFrame } from '../../src-main/dsp/stft.ts';

/** Something between a vowel and a hiss, the same for the same seed: harmonics under moving formants, and noise. */
export function fakeSamples(
  seed: number,
  sampleRateHz: number,
  durationSec: number,
): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.max(1, Math.round(durationSec * sampleRateHz)));
  const pitchHz = 90 + ((seed * 37) % 140);
  let noise = seed + 1;
  let smooth = 0;
  let phase = 0;
  for (let at = 0; at < samples.length; at++) {
    const sec = at / sampleRateHz;
    const share = at / samples.length;
    const syllable = Math.max(0, Math.sin(Math.PI * ((share * Math.max(1, durationSec / 0.35)) % 1))) ** 0.7;
    phase += (2 * Math.PI * pitchHz * (1 + 0.08 * Math.sin(5 * sec + seed))) / sampleRateHz;
    let value = 0;
    const first = 500 + 300 * Math.sin(3 * sec + seed);
    const second = 1500 + 700 * Math.sin(2.2 * sec + 2 * seed);
    for (let harmonic = 1; harmonic < 24; harmonic++) {
      const hz = harmonic * pitchHz;
      if (hz > sampleRateHz / 2.2) break;
      const gain =
        Math.exp(-(((hz - first) / 260) ** 2)) + 0.5 * Math.exp(-(((hz - second) / 320) ** 2)) + 0.04;
      value += gain * Math.sin(harmonic * phase);
    }
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    smooth += 0.6 * (noise / 2 ** 31 - 1 - smooth);
    samples[at] =
      0.16 * syllable * value + 0.02 * (1 - syllable) * (noise / 2 ** 31 - 1 - smooth) + 0.0008 * smooth;
  }
  return samples;
}

export function fakeSound(samples: Float32Array, sampleRateHz: number): z.output<typeof soundSchema> {
  return { sampleRateHz, channels: 1, fromSec: 0, durationSec: samples.length / sampleRateHz, samples };
}

/** [min0, max0, ...] of equal spans. */
export function fakePeaks(samples: Float32Array, spans: number): Float32Array<ArrayBuffer> {
  const peaks = new Float32Array(2 * spans);
  for (let span = 0; span < spans; span++) {
    const from = Math.floor((span * samples.length) / spans);
    const to = Math.max(from + 1, Math.floor(((span + 1) * samples.length) / spans));
    let low = Infinity;
    let high = -Infinity;
    for (let at = from; at < to; at++) {
      low = Math.min(low, samples[at] ?? 0);
      high = Math.max(high, samples[at] ?? 0);
    }
    peaks[2 * span] = low;
    peaks[2 * span + 1] = high;
  }
  return peaks;
}

export function fakePicture(
  samples: Float32Array,
  sampleRateHz: number,
  options: { minDb?: number; maxDb?: number; windowSec?: number } = {},
): z.output<typeof spectrogramPictureSchema> {
  const { minDb = -100, maxDb = 0, windowSec = 0.025 } = options;
  const windowLength = Math.round(windowSec * sampleRateHz);
  const fftSize = 2 ** Math.ceil(Math.log2(windowLength));
  const hopLength = Math.max(1, Math.round(windowLength / 4));
  const bins = fftSize / 2 + 1;
  const frames = 1 + Math.floor(samples.length / hopLength);
  const levels = new Uint8Array(bins * frames);
  // A full-scale sine has this magnitude at its bin.
  const fullScale = windowLength / 4;
  forEachFrame(samples, { nFft: fftSize, hopLength, winLength: windowLength }, (frame, re, im) => {
    for (let bin = 0; bin < bins; bin++) {
      const db = 20 * Math.log10(Math.hypot(re[bin] ?? 0, im[bin] ?? 0) / fullScale + 1e-12);
      const share = (db - minDb) / (maxDb - minDb);
      levels[bin * frames + frame] = Math.round(255 * Math.min(1, Math.max(0, share)));
    }
  });
  return {
    sampleRateHz,
    fromSec: 0,
    toSec: samples.length / sampleRateHz,
    fftSize,
    windowLength,
    hopLength,
    bins,
    frames,
    levels,
    minDb,
    maxDb,
    reference: 'dBFS',
  };
}
