import { z } from 'zod';
import { amplitudeToDb, dbToAmplitude } from '../decibel.ts';
import { griffinLim } from '../griffin-lim.ts';
import type { Matrix, RealArray } from '../matrix.ts';
import { denormalise, type Extremes, extremesOf, normalise } from '../minmax.ts';
import { resample } from '../resample.ts';
import { fromPolar, istft, magnitude, phase, stft } from '../stft.ts';

/**
 * The fragments of papers/000: 128 x 8 pieces of a spectrogram, 25 ms each, at 16 kHz (LibriSpeech, Speech Commands). The paper
 * gives only that: an FFT of 256 samples without its Nyquist row has 128 bins, and 8 frames every 50 samples last 25 ms; dB of
 * the upper `topDb`, scaled to 0..1 by the recording's own extremes, are ours, as in the other pipelines.
 */
export const fragmentsSchema = z.strictObject({
  kind: z.literal('fragments').default('fragments'),
  sampleRateHz: z.int().min(1000).max(384_000).default(16_000).meta({ title: 'Sample rate', unit: 'Hz' }),
  nFft: z.int().min(4).max(65_536).multipleOf(2).default(256).meta({ title: 'FFT size', unit: 'samples' }),
  hopLength: z.int().min(1).max(65_536).default(50).meta({ title: 'Hop', unit: 'samples' }),
  frames: z.int().min(1).max(65_536).default(8).meta({ title: 'Frames of a fragment', unit: 'frames' }),
  topDb: z.number().min(10).max(200).default(80).meta({ title: 'Range below the maximum', unit: 'dB' }),
});
export type FragmentsConfig = z.output<typeof fragmentsSchema>;

export interface Fragments extends Extremes {
  /** `[count, nFft / 2, frames]` in 0..1, in order of time. */
  features: Float32Array;
  count: number;
  bins: number;
  frames: number;
  /** Of the last fragment, how many frames hold the recording; the rest is silence. */
  lastFrames: number;
  /** In radians, `[nFft / 2 + 1, all frames]`, for inverting with the recording's own. */
  phase: Matrix<Float64Array>;
  /** Samples that went in, at the pipeline's rate. */
  samples: number;
}

/** Forward. `samples` `[time]` is mono at `sampleRateHz`. */
export function toFragments(samples: RealArray, sampleRateHz: number, config: FragmentsConfig): Fragments {
  const { nFft, hopLength, frames, topDb } = config;
  const signal =
    sampleRateHz === config.sampleRateHz ? samples : resample(samples, sampleRateHz, config.sampleRateHz);
  const spectrum = stft(signal, { nFft, hopLength });
  const bins = nFft / 2;
  const whole = spectrum.frames;
  const db = amplitudeToDb(magnitude(spectrum).data.subarray(0, bins * whole), { topDb });
  const extremes = extremesOf(db);
  const scaled = normalise(db, extremes);
  const count = Math.ceil(whole / frames);
  const features = new Float32Array(count * bins * frames);
  for (let frame = 0; frame < whole; frame++) {
    const start = Math.floor(frame / frames) * bins * frames + (frame % frames);
    for (let bin = 0; bin < bins; bin++) features[start + bin * frames] = scaled[bin * whole + frame]!;
  }
  const lastFrames = whole - (count - 1) * frames;
  const kept = { phase: phase(spectrum), samples: signal.length };
  return { features, count, bins, frames, lastFrames, ...extremes, ...kept };
}

export interface FragmentsInversion {
  /** `original` takes the recording's own phase. */
  phase: 'griffin-lim' | 'original';
  iterations?: number;
  seed?: number;
}

/** Inverse, `[samples]` at the pipeline's rate: fragments joined, dB undone, the Nyquist row put back as zeros. */
export function fromFragments(
  fragments: Fragments,
  config: FragmentsConfig,
  { phase: way, iterations = 32, seed = 0 }: FragmentsInversion,
): Float64Array {
  const { count, bins, frames, lastFrames, features, minDb, maxDb } = fragments;
  const whole = (count - 1) * frames + lastFrames;
  const joined = new Float32Array(bins * whole);
  for (let frame = 0; frame < whole; frame++) {
    const start = Math.floor(frame / frames) * bins * frames + (frame % frames);
    for (let bin = 0; bin < bins; bin++) joined[bin * whole + frame] = features[start + bin * frames]!;
  }
  const { nFft, hopLength } = config;
  const settings = { nFft, hopLength, length: fragments.samples };
  // A recording without any range is silent.
  if (minDb === maxDb) return new Float64Array(fragments.samples);
  const data = new Float64Array((bins + 1) * whole);
  data.set(dbToAmplitude(denormalise(joined, { minDb, maxDb })));
  const magnitudes = { bins: bins + 1, frames: whole, data };
  return way === 'original'
    ? istft(fromPolar(magnitudes, fragments.phase), settings)
    : griffinLim(magnitudes, { ...settings, iterations, seed });
}
