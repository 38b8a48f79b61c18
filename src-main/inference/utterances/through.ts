import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { peak } from '../../dsp/level.ts';
import type { Matrix } from '../../dsp/matrix.ts';
import type { Extremes } from '../../dsp/minmax.ts';
import { withClipSamples } from '../../dsp/pipeline.ts';
import {
  fromPowerSpectrogram,
  type PowerSpectrogram,
  type PowerSpectrogramConfig,
  powerOf,
  toPowerSpectrogram,
} from '../../dsp/pipelines/power-spectrogram.ts';
import { extremesOfPower } from '../../dsp/power-sequences.ts';
import { inversionMethods, representationOf } from '../../dsp/representation.ts';
import type { InversionMethodName } from '../../../src-preload/contract/commands/reconstruct.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { type SpectrogramError, spectrogramError } from '../spectrogram-error.ts';
import type { ReconstructionChoice, UtteranceModel } from './utterance-model.ts';

/** A spectrogram as it is shown and measured: levels in 0..1 with the dB that they stand for. */
export interface Shown extends Extremes {
  features: Float32Array;
}

/** A recording, and what a model made of it. */
export interface Utterance {
  analysed: PowerSpectrogram;
  /** The model's, `[bins, frames]`. */
  estimate: Matrix<Float32Array>;
  klNats: number;
  /** The pipeline with the length of this utterance. */
  config: PowerSpectrogramConfig;
  /** Both on the levels of the recording. */
  original: Shown;
  modelled: Shown;
}

/** How the loudest of a recording and its reconstructions is written, as in the published code of papers/004. */
const writtenPeak = 0.9;

/**
 * A recording, whole, through a model of utterances: trimmed, at a peak of 1, as papers/004 evaluates.
 *
 * @throws ResynthError inference/nothing-heard where silence is all that there is; internal/cancelled.
 */
export async function throughModel(
  model: UtteranceModel,
  recording: { name: string; samples: Float32Array; sampleRateHz: number },
  pipeline: PowerSpectrogramConfig,
  choice: ReconstructionChoice,
  signal?: AbortSignal,
): Promise<Utterance> {
  const analysed = toPowerSpectrogram(recording.samples, recording.sampleRateHz, pipeline);
  if (analysed.scale === 0 || analysed.samples.length < pipeline.nFft) {
    throw new ResynthError('inference/nothing-heard', { name: recording.name, samples: pipeline.nFft });
  }
  const { power, klNats } = await model.reconstruct(analysed.power, choice, signal);
  const config = withClipSamples(pipeline, analysed.samples.length);
  const extremes = extremesOfPower(analysed.power.data);
  const shown = (values: Float32Array): Shown => shownOn(extremes, values, config);
  return {
    analysed,
    estimate: power,
    klNats,
    config,
    original: shown(analysed.power.data),
    modelled: shown(power.data),
  };
}

/** The model and pipeline of utterances that a loaded model is of; null for one of clips. */
export function utterancesOf(
  model: LoadedModel,
): { model: UtteranceModel; pipeline: PowerSpectrogramConfig } | null {
  const { features } = model.config;
  return model.utterances && features.kind === 'power-spectrogram'
    ? { model: model.utterances, pipeline: features }
    : null;
}

/** Power as sound, as long as the utterance. */
export function soundOf(
  { analysed, config }: Utterance,
  power: Matrix,
  inversion: { method: InversionMethodName; iterations: number; seed: number },
): Float32Array {
  const { method, iterations, seed } = inversion;
  const zero = { ...power, data: new Float64Array(power.data.length) };
  const phase = { 'original-phase': analysed.phase, 'zero-phase': zero, 'griffin-lim': null }[method];
  const length = analysed.samples.length;
  return Float32Array.from(fromPowerSpectrogram(power, config, { phase, iterations, seed, length }));
}

/** How far a sound is from the utterance when it is analysed again, counted from the loudest bin of each. */
export function heardAs(
  { config, original }: Utterance,
  samples: Float32Array,
): { shown: Shown; error: SpectrogramError } {
  const { power } = powerOf(samples, config);
  const shown = shownOn(extremesOfPower(power.data), power.data, config);
  const shape = { bins: power.bins, frames: power.frames, spokenFrames: power.frames };
  return { shown, error: spectrogramError(original, shown, shape, { relativeLevels: true }) };
}

/** What the model gave against the recording's own spectrogram. */
export function modelError({ original, modelled, estimate }: Utterance): SpectrogramError {
  const { bins, frames } = estimate;
  return spectrogramError(original, modelled, { bins, frames, spokenFrames: frames });
}

/** The factor that a recording at a peak of 1 and what was made of it are written with. */
export function writtenGain(sounds: readonly Float32Array[]): number {
  return writtenPeak / Math.max(1, ...sounds.map((sound) => peak(sound)));
}

/** What every way to sound is called. */
export function labelOf(method: InversionMethodName): string {
  return inversionMethods[method].label;
}

/** Where the utterance lies in its recording, in words; null where nothing was cut. */
export function cutWords({ analysed, config }: Utterance, wholeSec: number): string | null {
  const { start, end } = analysed.span;
  const [before, after] = [start / config.sampleRateHz, wholeSec - end / config.sampleRateHz];
  if (before < 0.005 && after < 0.005) return null;
  return `the silence at its ends (${before.toFixed(2)} s and ${Math.max(0, after).toFixed(2)} s) was cut, as the model is given it`;
}

/** Power spectra on given levels. */
export function shownOn(extremes: Extremes, values: Float32Array, config: PowerSpectrogramConfig): Shown {
  return { features: representationOf(config).toFeatures(values, extremes, config), ...extremes };
}
