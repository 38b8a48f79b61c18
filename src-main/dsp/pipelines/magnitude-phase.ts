import { z } from 'zod';
import { rms } from '../level.ts';
import type { Matrix, RealArray } from '../matrix.ts';
import { resampleInto } from '../resample.ts';
import { fromPolar, istft, magnitude, phase, stft } from '../stft.ts';

/**
 * The spectrogram of papers/003: recordings cut or padded with zeros to one length, divided by the standard deviation of the
 * amplitudes, `tf.signal.stft` (frames not centred, periodic Hann window), magnitude and phase, 128 x 128 x 2. The paper gives
 * only that shape: 8 kHz (FSDD), frames of 256 every 64 samples, the Nyquist row dropped, are ours. So is the other way to write
 * the same: the logarithm of the magnitude, and the phase by its cosine and sine, which has no jump where it comes round.
 */
export const magnitudePhaseSchema = z
  .strictObject({
    kind: z.literal('magnitude-phase').default('magnitude-phase'),
    channels: z.enum(['magnitude-phase', 'log-magnitude-cos-sin']).default('magnitude-phase').meta({
      title: 'Channels',
      help: 'magnitude-phase: magnitude, and phase in radians, as papers/003; log-magnitude-cos-sin: magnitude in dB over 80 dB, cosine and sine of the phase.',
    }),
    sampleRateHz: z.int().min(1000).max(384_000).default(8000).meta({
      title: 'Sample rate',
      unit: 'Hz',
      help: 'Recordings are resampled to this rate.',
    }),
    frames: z.int().min(1).max(65_536).default(128).meta({
      title: 'Frames',
      unit: 'frames',
      help: 'Longer recordings are cut, shorter ones get zeros at the end.',
    }),
    nFft: z.int().min(4).max(65_536).multipleOf(2).default(256).meta({
      title: 'FFT size',
      unit: 'samples',
      help: 'Length of a frame; half of it is the number of frequency bins.',
    }),
    hopLength: z.int().min(1).max(65_536).default(64).meta({
      title: 'Hop',
      unit: 'samples',
      help: 'From one frame to the next; not more than half of the FFT size, or the audio could not be rebuilt.',
    }),
    amplitudeStd: z.number().min(0).max(1).default(0).meta({
      title: 'Standard deviation of the amplitudes',
      help: "Samples are divided by it: the dataset's own, as in the paper; 0 for that of each clip.",
    }),
  })
  .superRefine((config, context) => {
    if (config.hopLength <= config.nFft / 2) return;
    const message = `hopLength is ${config.hopLength}: at most half of nFft (${config.nFft / 2}) lets the audio be rebuilt`;
    context.addIssue({ code: 'custom', path: ['hopLength'], message });
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

/** Whole frames in so many samples, one at least. */
export function framesIn(samples: number, { nFft, hopLength }: MagnitudePhaseConfig): number {
  return 1 + Math.max(0, Math.ceil((samples - nFft) / hopLength));
}

/** Numbers that a model is given of each bin of a frame. */
export function channelsOf({ channels }: MagnitudePhaseConfig): number {
  return channels === 'magnitude-phase' ? 2 : 3;
}

/** A recording at the pipeline's rate, cut or followed by zeros to the length of a clip. `samples` `[time]` is mono. */
export function clipOf(
  samples: RealArray,
  sampleRateHz: number,
  config: MagnitudePhaseConfig,
): Float32Array<ArrayBuffer> {
  const clip = new Float32Array(clipSamples(config));
  const wanted = Math.ceil((clip.length * sampleRateHz) / config.sampleRateHz);
  resampleInto(clip, samples.subarray(0, wanted), sampleRateHz, config.sampleRateHz);
  return clip;
}

/** What a clip is divided by: the pipeline's deviation, or its own; 1 for silence. */
export function scaleOf(clip: Float32Array, { amplitudeStd }: MagnitudePhaseConfig): number {
  return amplitudeStd > 0 ? amplitudeStd : standardDeviation(clip) || 1;
}

/** Forward. `samples` `[time]` is mono at `sampleRateHz`. */
export function toMagnitudePhase(
  samples: RealArray,
  sampleRateHz: number,
  config: MagnitudePhaseConfig,
): MagnitudePhase {
  const clip = clipOf(samples, sampleRateHz, config);
  return magnitudePhaseOf(clip, scaleOf(clip, config), config);
}

/** Magnitude and phase of a clip divided by `scale`. */
export function magnitudePhaseOf(
  clip: RealArray,
  scale: number,
  config: MagnitudePhaseConfig,
): MagnitudePhase {
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

/** Of the STFT. */
export function transformOf({ nFft, hopLength }: MagnitudePhaseConfig) {
  return { nFft, hopLength, center: false } as const;
}
