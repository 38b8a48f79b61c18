import { z } from 'zod';
import { rms } from '../level.ts';
import type { Matrix, RealArray } from '../matrix.ts';
import { resampleInto } from '../resample.ts';
import { fromPolar, istft, magnitude, phase, stft } from '../stft.ts';

/**
 * The two channels of papers/003: recordings cut or padded with zeros to one length, divided by the standard deviation of the
 * amplitudes, `tf.signal.stft` (frames not centred, periodic Hann window), magnitude and phase, 128 x 128 x 2. The paper gives
 * only that shape: 8 kHz (FSDD), frames of 256 every 64 samples, the Nyquist row dropped, are ours.
 */
export const magnitudePhaseSchema = z.strictObject({
  kind: z.literal('magnitude-phase').default('magnitude-phase'),
  sampleRateHz: z.int().min(1000).max(384_000).default(8000).meta({ title: 'Sample rate', unit: 'Hz' }),
  frames: z.int().min(1).max(65_536).default(128).meta({ title: 'Frames', unit: 'frames' }),
  nFft: z.int().min(4).max(65_536).multipleOf(2).default(256).meta({ title: 'FFT size', unit: 'samples' }),
  hopLength: z.int().min(1).max(65_536).default(64).meta({ title: 'Hop', unit: 'samples' }),
  amplitudeStd: z.number().positive().nullable().default(null).meta({
    title: 'Standard deviation of the amplitudes',
    help: "Samples are divided by it. The dataset's own, as in the paper; null for that of each clip.",
  }),
});
export type MagnitudePhaseConfig = z.output<typeof magnitudePhaseSchema>;

export interface MagnitudePhase {
  /** `[nFft / 2, frames, 2]`: magnitude, then phase in radians. */
  features: Float32Array;
  bins: number;
  frames: number;
  /** What the samples were divided by; 1 for silence. */
  scale: number;
}

/** Samples of a clip: what its frames cover. */
export function clipSamples({ frames, nFft, hopLength }: MagnitudePhaseConfig): number {
  return nFft + hopLength * (frames - 1);
}

/** Forward. `samples` `[time]` is mono at `sampleRateHz`. */
export function toMagnitudePhase(
  samples: RealArray,
  sampleRateHz: number,
  config: MagnitudePhaseConfig,
): MagnitudePhase {
  const clip = new Float32Array(clipSamples(config));
  const wanted = Math.ceil((clip.length * sampleRateHz) / config.sampleRateHz);
  resampleInto(clip, samples.subarray(0, wanted), sampleRateHz, config.sampleRateHz);
  const scale = config.amplitudeStd ?? (standardDeviation(clip) || 1);
  const spectrum = stft(
    Float64Array.from(clip, (sample) => sample / scale),
    transformOf(config),
  );
  const bins = config.nFft / 2;
  const { frames } = spectrum;
  const features = new Float32Array(bins * frames * 2);
  const [levels, angles] = [magnitude(spectrum).data, phase(spectrum).data];
  for (let at = 0; at < bins * frames; at++) {
    features[2 * at] = levels[at]!;
    features[2 * at + 1] = angles[at]!;
  }
  return { features, bins, frames, scale };
}

/**
 * Inverse, `[samples]` at the pipeline's rate: what a model gives may be inconsistent, and negative magnitudes count as zero. The first
 * sample, which a Hann window takes away, is zero.
 */
export function fromMagnitudePhase(
  { features, bins, frames, scale }: MagnitudePhase,
  config: MagnitudePhaseConfig,
): Float64Array {
  const size = (bins + 1) * frames;
  const levels: Matrix<Float64Array> = { bins: bins + 1, frames, data: new Float64Array(size) };
  const angles: Matrix<Float64Array> = { bins: bins + 1, frames, data: new Float64Array(size) };
  for (let at = 0; at < bins * frames; at++) {
    levels.data[at] = Math.max(0, features[2 * at]!);
    angles.data[at] = features[2 * at + 1]!;
  }
  return istft(fromPolar(levels, angles), transformOf(config)).map((sample) => sample * scale);
}

function standardDeviation(samples: Float32Array): number {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  return rms(samples.map((sample) => sample - mean));
}

function transformOf({ nFft, hopLength }: MagnitudePhaseConfig) {
  return { nFft, hopLength, center: false } as const;
}
