import { dbToAmplitude, powerToDbInPlace } from './decibel.ts';
import { griffinLim } from './griffin-lim.ts';
import { peak } from './level.ts';
import type { ComplexMatrix, Matrix, RealArray } from './matrix.ts';
import { denormalise, extremesOf, generatedExtremes, normaliseFrames, type Extremes } from './minmax.ts';
import { featureShape, type FeaturePipelineConfig } from './pipeline.ts';
import { resampleInto } from './resample.ts';
import { forEachFrame, fromPolar, istft, phase, stft } from './stft.ts';

/** Amplitudes below this count as this: librosa's default, -100 dB. */
const amin = 1e-5;

/** One clip as a model sees it. */
export interface LogSpectrogram extends Extremes {
  bins: number;
  frames: number;
  /** `[bins, frames]` in 0..1, scaled by this clip's `minDb` and `maxDb`. */
  features: Float32Array<ArrayBuffer>;
  /** Seconds of the recording in the clip, before zeros were added: at most the clip's length. */
  spokenSec: number;
  /** The clip itself `[samples]` at the pipeline's rate: what the features were made from. */
  padded: Float32Array<ArrayBuffer>;
  /** Phase of the STFT in radians `[bins, frames]`, where it was asked for. */
  phase: Matrix<Float64Array> | null;
}

/**
 * Preprocessing of papers/002: `librosa.load(sr, duration)`, zeros on the right, `librosa.stft`, the Nyquist row dropped,
 * magnitude, `amplitude_to_db(ref=1, amin=1e-5, top_db)`, min-max over the clip. A silent clip gives all zeros (minmax.ts).
 * `samples` `[time]` is mono.
 */
export function analyse(
  samples: RealArray,
  sampleRateHz: number,
  config: FeaturePipelineConfig,
  options: { withPhase?: boolean } = {},
): LogSpectrogram {
  const { bins, frames, samples: length } = featureShape(config);
  const { clip, spokenSec } = fitClip(samples, sampleRateHz, config, length);
  const settings = { nFft: config.nFft, hopLength: config.hopLength };
  const power = scratch(frames * bins);
  forEachFrame(clip, settings, (frame, re, im) => {
    for (let bin = 0, at = frame * bins; bin < bins; bin++, at++)
      power[at] = re[bin]! * re[bin]! + im[bin]! * im[bin]!;
  });
  powerToDbInPlace(power, { amin: amin * amin, topDb: config.topDb });
  const extremes = extremesOf(power);
  return {
    bins,
    frames,
    features: normaliseFrames(power, extremes, bins, frames),
    ...extremes,
    spokenSec,
    padded: clip,
    phase: options.withPhase ? withoutNyquist(phase(stft(clip, settings)), bins) : null,
  };
}

let lastScratch = new Float64Array(0);

/** Zeros to work in, the same array for clips of the same shape: fresh memory costs as much as the logarithms in it. */
function scratch(length: number): Float64Array {
  if (lastScratch.length === length) lastScratch.fill(0);
  else lastScratch = new Float64Array(length);
  return lastScratch;
}

/** Cuts at the recording's own rate, resamples, then fills with zeros, in librosa's order. */
function fitClip(
  samples: RealArray,
  sampleRateHz: number,
  config: FeaturePipelineConfig,
  length: number,
): { clip: Float32Array<ArrayBuffer>; spokenSec: number } {
  const cut = samples.subarray(0, Math.floor(config.durationSec * sampleRateHz));
  const clip = new Float32Array(length);
  resampleInto(clip, cut, sampleRateHz, config.sampleRateHz);
  return { clip, spokenSec: cut.length / sampleRateHz };
}

/** How a spectrogram becomes audio. */
export type InversionMethod = 'griffin-lim' | 'original-phase' | 'zero-phase';

/** What each way is called wherever its audio is shown, and what it does. */
export const inversionMethods: Readonly<Record<InversionMethod, { label: string; help: string }>> = {
  'griffin-lim': {
    label: 'Griffin-Lim phase',
    help: 'The phase is estimated from the magnitudes alone, from a seeded random start.',
  },
  'original-phase': {
    label: "Original recording's phase",
    help: 'The phase is taken from the original recording: better than any model can be heard without it.',
  },
  'zero-phase': {
    label: 'Zero phase, peak 0.9 (papers/002)',
    help: 'The magnitudes are inverted as if their phase were zero, then scaled to a peak of 0.9, as the code of papers/002 does.',
  },
};

export interface SynthesisOptions {
  /** `griffin-lim` by default. */
  method?: InversionMethod;
  /** Phase in radians `[bins, frames]`, for `original-phase`. */
  phase?: Matrix | null;
  /** Of Griffin-Lim; 32 by default. */
  iterations?: number;
  /** Of Griffin-Lim's starting phase; 0 by default. */
  seed?: number;
  /** Samples to give back; the clip's by default. */
  length?: number;
}

/**
 * The inverse of `analyse`: 0..1 to dB by `extremes` (null where nothing was stored, as for a generated spectrogram: -80
 * to 0 dB), the Nyquist row put back as zeros, and the phase by `method`. `features` is `[bins, frames]`; the result
 * `[length]` is at the pipeline's rate. Samples after the last frame's centre (less than one hop) are zero: the windows
 * there are too small to divide by. Equal extremes are those of a silent clip, and give silence: scaled to a peak, its -100 dB
 * in every bin would be a loud click.
 */
export function synthesise(
  features: RealArray,
  extremes: Extremes | null,
  config: FeaturePipelineConfig,
  options: SynthesisOptions = {},
): Float32Array<ArrayBuffer> {
  const { bins, frames, samples } = featureShape(config);
  if (features.length !== bins * frames) {
    throw new RangeError(
      `A spectrogram of this pipeline has ${bins} x ${frames} values, not ${features.length}.`,
    );
  }
  const { minDb, maxDb } = extremes ?? generatedExtremes;
  const output = new Float32Array(options.length ?? samples);
  if (minDb === maxDb) return output;
  const amplitude = dbToAmplitude(denormalise(features, { minDb, maxDb }));
  const magnitudes = withNyquist({ bins, frames, data: amplitude });
  const settings = { nFft: config.nFft, hopLength: config.hopLength };
  const method = options.method ?? 'griffin-lim';
  let signal: Float64Array;
  if (method === 'griffin-lim') {
    signal = griffinLim(magnitudes, {
      ...settings,
      iterations: options.iterations ?? 32,
      seed: options.seed ?? 0,
    });
  } else if (method === 'original-phase') {
    if (!options.phase)
      throw new RangeError('The original phase is needed to invert with it: analyse with withPhase.');
    signal = istft(fromPolar(magnitudes, withNyquist(options.phase)), settings);
  } else {
    signal = scaledToPeak(istft(withoutPhase(magnitudes), settings), 0.9);
  }
  output.set(signal.subarray(0, output.length));
  return output;
}

/** Scaled so that the largest |sample| is `desiredPeak`, and clipped to ±1; silence stays as it is (papers/002, section 4.1). */
function scaledToPeak(samples: Float64Array, desiredPeak: number): Float64Array {
  const largest = peak(samples);
  const factor = largest === 0 ? 1 : desiredPeak / largest;
  return samples.map((sample) => Math.max(-1, Math.min(1, sample * factor)));
}

function withoutPhase({ bins, frames, data }: Matrix): ComplexMatrix {
  return { bins, frames, re: new Float64Array(data), im: new Float64Array(data.length) };
}

function withNyquist({ bins, frames, data }: Matrix): Matrix<Float64Array> {
  const padded = new Float64Array((bins + 1) * frames);
  padded.set(data);
  return { bins: bins + 1, frames, data: padded };
}

function withoutNyquist({ frames, data }: Matrix<Float64Array>, bins: number): Matrix<Float64Array> {
  return { bins, frames, data: data.slice(0, bins * frames) };
}
