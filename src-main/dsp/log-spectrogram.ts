import { dbToAmplitude, powerToDbInPlace } from './decibel.ts';
import { griffinLim } from './griffin-lim.ts';
import { peak } from './level.ts';
import type { Matrix, RealArray } from './matrix.ts';
import { extremesOf, type Extremes, normaliseFrames } from './minmax.ts';
import { featureShape, type LogSpectrogramConfig } from './pipeline.ts';
import type { ModelClip, Representation, SynthesisOptions } from './representation.ts';
import { resampleInto } from './resample.ts';
import { phaseFor, soundOfLevels, withNyquist } from './sound-of-levels.ts';
import { forEachFrame, fromPolar, istft, phase, stft } from './stft.ts';

/** Amplitudes below this count as this: librosa's default, -100 dB. */
const amin = 1e-5;

/**
 * Preprocessing of papers/002: `librosa.load(sr, duration)`, zeros on the right, `librosa.stft`, the Nyquist row dropped,
 * magnitude, `amplitude_to_db(ref=1, amin=1e-5, top_db)`, min-max over the clip. A silent clip gives all zeros (minmax.ts).
 * `samples` `[time]` is mono.
 */
export function analyse(
  samples: RealArray,
  sampleRateHz: number,
  config: LogSpectrogramConfig,
  options: { withPhase?: boolean } = {},
): ModelClip {
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
  const features = normaliseFrames(power, extremes, bins, frames);
  return {
    bins,
    frames,
    features,
    input: features,
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
  config: LogSpectrogramConfig,
  length: number,
): { clip: Float32Array<ArrayBuffer>; spokenSec: number } {
  const cut = samples.subarray(0, Math.floor(config.durationSec * sampleRateHz));
  const clip = new Float32Array(length);
  resampleInto(clip, cut, sampleRateHz, config.sampleRateHz);
  return { clip, spokenSec: cut.length / sampleRateHz };
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
  config: LogSpectrogramConfig,
  options: SynthesisOptions = {},
): Float32Array<ArrayBuffer> {
  const shape = featureShape(config);
  const { bins, frames } = shape;
  return soundOfLevels(
    features,
    extremes,
    { ...shape, samples: options.length ?? shape.samples },
    (levelsDb) => {
      const magnitudes = withNyquist({ bins, frames, data: dbToAmplitude(levelsDb) });
      const settings = { nFft: config.nFft, hopLength: config.hopLength };
      const { method, iterations = 32, seed = 0 } = options;
      const phase = phaseFor(options, bins, frames);
      if (phase === null) return griffinLim(magnitudes, { ...settings, iterations, seed });
      const signal = istft(fromPolar(magnitudes, withNyquist(phase)), settings);
      return method === 'zero-phase' ? scaledToPeak(signal, 0.9) : signal;
    },
  );
}

/** Scaled so that the largest |sample| is `desiredPeak`, and clipped to ±1; silence stays as it is (papers/002, section 4.1). */
function scaledToPeak(samples: Float64Array, desiredPeak: number): Float64Array {
  const largest = peak(samples);
  const factor = largest === 0 ? 1 : desiredPeak / largest;
  return samples.map((sample) => Math.max(-1, Math.min(1, sample * factor)));
}

function withoutNyquist({ frames, data }: Matrix<Float64Array>, bins: number): Matrix<Float64Array> {
  return { bins, frames, data: data.slice(0, bins * frames) };
}

/** The log spectrogram of papers/001 and papers/002 as a representation: a model is given what pictures show. */
export const logSpectrogram: Representation<LogSpectrogramConfig> = {
  analyse,
  clipsOf: (samples, sampleRateHz, config) => [analyse(samples, sampleRateHz, config)],
  readSec: ({ durationSec }) => durationSec,
  severalClips: false,
  consecutive: false,
  mostClips: () => 1,
  synthesise,
  heard: (samples, config) => analyse(samples, config.sampleRateHz, config),
  toFeatures: (values) => values,
  rangeDb: ({ topDb }) => topDb,
  window: 'Hann',
  // A full-scale sine reaches half the sum of the Hann window, a quarter of the FFT size.
  fullScaleDb: ({ nFft }) => 20 * Math.log10(nFft / 4),
};
