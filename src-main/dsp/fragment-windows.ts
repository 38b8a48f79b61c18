import { logSpectrogram } from './log-spectrogram.ts';
import type { RealArray } from './matrix.ts';
import { featureShape, type LogSpectrogramConfig } from './pipeline.ts';
import { fragmentSamples, fragmentsIn, type FragmentsConfig } from './pipelines/fragments.ts';
import type { ModelClip, Representation } from './representation.ts';
import { resampledLength } from './resample.ts';
import { copyFrames } from './windows-of-frames.ts';

/** What a model is given where a window reaches beyond its recording: no level, so that nothing is learned from it. */
export const beyondRecording = -1;

/**
 * The fragments of papers/000 as a representation: a recording is one log spectrogram on its own extremes, cut into windows of
 * whole fragments that follow on one another. Nothing is lost where one ends: joined again, they are the spectrogram, whose frames
 * the inverse STFT overlaps and adds.
 */
export const fragmentWindows: Representation<FragmentsConfig> = {
  analyse: (samples, sampleRateHz, config, { withPhase = false } = {}) =>
    cut(analyseWhole(samples, sampleRateHz, config, withPhase), 0, config),
  clipsOf(samples, sampleRateHz, config) {
    const whole = analyseWhole(samples, sampleRateHz, config, false);
    const { frames } = featureShape(config);
    return Array.from({ length: Math.ceil(whole.frames / frames) }, (_, at) =>
      cut(whole, at * frames, config),
    );
  },
  readSec: () => Infinity,
  severalClips: true,
  consecutive: true,
  codeUnit: (config) => ({
    name: 'fragment',
    inClip: config.fragments,
    seconds: fragmentSamples(config) / config.sampleRateHz,
  }),
  beyond: beyondRecording,
  mostClips: (config, durationSec) =>
    // A sample more: resampling may round up.
    Math.ceil(fragmentsIn(Math.ceil(durationSec * config.sampleRateHz) + 1, config) / config.fragments),
  synthesise: (features, extremes, config, options = {}) =>
    logSpectrogram.synthesise(features, extremes, asSpectrogram(config), {
      ...options,
      length: options.length ?? featureShape(config).samples,
    }),
  heard: (samples, config) => logSpectrogram.heard(samples, asSpectrogram(config)),
  toFeatures: (values) => values.map((value) => Math.max(0, value)),
  rangeDb: ({ topDb }) => topDb,
  window: logSpectrogram.window,
  fullScaleDb: (config) => logSpectrogram.fullScaleDb(asSpectrogram(config)),
};

/** All of a recording, in as many fragments as it fills. */
function analyseWhole(
  samples: RealArray,
  sampleRateHz: number,
  config: FragmentsConfig,
  withPhase: boolean,
): ModelClip {
  const length = resampledLength(samples.length, sampleRateHz, config.sampleRateHz);
  const whole = { ...config, fragments: fragmentsIn(length, config) };
  return logSpectrogram.analyse(samples, sampleRateHz, asSpectrogram(whole), { withPhase });
}

/** The window of `config` that begins at a frame of a recording; silence after the recording's end. */
function cut(whole: ModelClip, from: number, config: FragmentsConfig): ModelClip {
  const { bins, frames, samples } = featureShape(config);
  const { hopLength, sampleRateHz } = config;
  const windowSec = samples / sampleRateHz;
  const features = copyFrames(whole.features, whole, from, new Float32Array(bins * frames), frames);
  const padded = new Float32Array(samples);
  padded.set(whole.padded.subarray(from * hopLength, from * hopLength + samples));
  return {
    bins,
    frames,
    features,
    input:
      from + frames <= whole.frames
        ? features
        : copyFrames(
            whole.features,
            whole,
            from,
            new Float32Array(bins * frames).fill(beyondRecording),
            frames,
          ),
    minDb: whole.minDb,
    maxDb: whole.maxDb,
    spokenSec: Math.max(0, Math.min(windowSec, whole.spokenSec - (from * hopLength) / sampleRateHz)),
    padded,
    phase: whole.phase && {
      bins,
      frames,
      data: copyFrames(whole.phase.data, whole, from, new Float64Array(bins * frames), frames),
    },
  };
}

/** The same spectrogram as the pipeline of papers/001 and 002 has it, whose frame more than hops falls away with a sample. */
function asSpectrogram(config: FragmentsConfig): LogSpectrogramConfig {
  const { sampleRateHz, nFft, hopLength, topDb } = config;
  const { samples } = featureShape(config);
  // Half a sample less than the end: rounding down then takes away one, whatever the rate.
  return {
    kind: 'log-spectrogram',
    sampleRateHz,
    nFft,
    hopLength,
    topDb,
    durationSec: (samples - 0.5) / sampleRateHz,
  };
}
