import { z } from 'zod';
import { isPowerOfTwo } from '../fft.ts';
import { peak } from '../level.ts';
import type { Matrix, RealArray } from '../matrix.ts';
import { griffinLim } from '../griffin-lim.ts';
import { resample } from '../resample.ts';
import { fromPolar, istft, phase, stft } from '../stft.ts';
import { trimSpan, type Span } from '../trim.ts';

/**
 * The power spectrogram of papers/004 (L. Girin et al., "Dynamical variational autoencoders", 2021, and its code DVAE-speech):
 * 16 kHz, silence trimmed, largest |sample| 1, STFT with a sine window of 32 ms every 16 ms, magnitude squared.
 */
export const powerSpectrogramSchema = z
  .strictObject({
    kind: z.literal('power-spectrogram').default('power-spectrogram'),
    sampleRateHz: z.int().min(1000).max(384_000).default(16_000).meta({
      title: 'Sample rate',
      unit: 'Hz',
      help: 'Recordings are resampled to this rate.',
    }),
    frames: z.int().min(2).max(10_000).default(150).meta({
      title: 'Frames of a sequence',
      unit: 'frames',
      help: 'A recording is cut into as many sequences as it fills, to train on; the rest of it is left out. An utterance that is reconstructed is never cut.',
    }),
    trimDb: z.number().min(0).max(200).default(30).meta({
      title: 'Trim below the loudest frame',
      unit: 'dB',
      help: 'Silence at both ends is cut, as librosa.effects.trim does; 0 keeps it.',
    }),
    nFft: z.int().min(16).max(8192).default(512).meta({
      title: 'FFT size',
      unit: 'samples',
      help: 'Length of a frame, a power of two; half of it and one is the number of frequency bins.',
    }),
    hopLength: z.int().min(1).max(8192).default(256).meta({
      title: 'Hop',
      unit: 'samples',
      help: 'From one frame to the next; not more than half of the FFT size, or the audio could not be rebuilt.',
    }),
    padMode: z.enum(['constant', 'reflect']).default('constant').meta({
      title: 'Padding of whole utterances',
      advanced: true,
      help: "constant: zeros; reflect is what librosa did before 0.9, in the paper's time. Only the first and the last frame differ. Sequences to train on are always reflected.",
    }),
  })
  .superRefine((config, context) => {
    if (!isPowerOfTwo(config.nFft)) {
      const message = `nFft is ${config.nFft}: a power of two is needed`;
      context.addIssue({ code: 'custom', path: ['nFft'], message });
    }
    if (config.hopLength > config.nFft / 2) {
      const message = `hopLength is ${config.hopLength}: at most half of nFft (${config.nFft / 2}) lets the audio be rebuilt`;
      context.addIssue({ code: 'custom', path: ['hopLength'], message });
    }
    if ((config.frames - 1) * config.hopLength < config.nFft) {
      const message = `frames is ${config.frames}: ${config.frames - 1} hops are shorter than one frame of ${config.nFft} samples`;
      context.addIssue({ code: 'custom', path: ['frames'], message });
    }
  });
export type PowerSpectrogramConfig = z.output<typeof powerSpectrogramSchema>;

export interface PowerSpectrogram {
  /** |X|^2, `[nFft / 2 + 1, frames]`. */
  power: Matrix<Float32Array>;
  /** In radians, `[nFft / 2 + 1, frames]`. */
  phase: Matrix<Float64Array>;
  /** The samples that were taken, divided by `scale`: `[samples]` at the pipeline's rate. */
  samples: Float64Array;
  /** Where they lie in the recording at the pipeline's rate. */
  span: Span;
  /** The largest |sample| before; 0 for silence, which stays as it is. */
  scale: number;
}

/** Forward. `samples` `[time]` is mono at `sampleRateHz`. */
export function toPowerSpectrogram(
  samples: RealArray,
  sampleRateHz: number,
  config: PowerSpectrogramConfig,
): PowerSpectrogram {
  const { kept, span } = trimmed(samples, sampleRateHz, config);
  const scale = peak(kept);
  const scaled = new Float64Array(kept).map((sample) => (scale === 0 ? 0 : sample / scale));
  return { ...powerOf(scaled, config), samples: scaled, span, scale };
}

/** |X|^2 and phase of samples as they are, both `[nFft / 2 + 1, frames]`. */
export function powerOf(
  samples: RealArray,
  config: PowerSpectrogramConfig,
): Pick<PowerSpectrogram, 'power' | 'phase'> {
  const spectrum = stft(samples, transformOf(config));
  const { bins, frames, re, im } = spectrum;
  // Loops: `from` with a function takes a list of all numbers first, and several times as long.
  const data = new Float32Array(re.length);
  for (let i = 0; i < data.length; i++) data[i] = re[i]! * re[i]! + im[i]! * im[i]!;
  return { power: { bins, frames, data }, phase: phase(spectrum) };
}

/** The recording at the pipeline's rate without the silence at its ends, and where that lies. */
export function trimmed(
  samples: RealArray,
  sampleRateHz: number,
  config: PowerSpectrogramConfig,
): { kept: RealArray; span: Span } {
  const whole =
    sampleRateHz === config.sampleRateHz ? samples : resample(samples, sampleRateHz, config.sampleRateHz);
  const span = config.trimDb === 0 ? { start: 0, end: whole.length } : trimSpan(whole, config.trimDb);
  return { kept: whole.subarray(span.start, span.end), span };
}

/** Where a span begins, in seconds: half a sample in, so that whoever cuts there comes to this very sample. */
export function beginsAtSec({ start }: Span, sampleRateHz: number): number {
  return start === 0 ? 0 : (start + 0.5) / sampleRateHz;
}

export interface PowerInversion {
  /** In radians, of the same shape; null has Griffin-Lim find one. */
  phase: Matrix | null;
  /** Samples to give back; what the frames cover by default. */
  length?: number;
  /** What samples are multiplied with; 1 by default, as the paper scales to its own peak. */
  scale?: number;
  /** Of Griffin-Lim. */
  iterations?: number;
  seed?: number;
  /** Of Griffin-Lim: the first frames whose phase is known, in radians. */
  known?: { phase: Matrix; frames: number };
}

/** Inverse: the root of the power with a phase, back to samples at the pipeline's rate. */
export function fromPowerSpectrogram(
  power: Matrix,
  config: PowerSpectrogramConfig,
  options: PowerInversion,
): Float64Array {
  const data = new Float64Array(power.data).map((value) => Math.sqrt(Math.max(0, value)));
  const magnitudes = { bins: power.bins, frames: power.frames, data };
  const { padMode: _, ...transform } = transformOf(config);
  const settings = { ...transform, ...(options.length === undefined ? {} : { length: options.length }) };
  const { iterations = 32, seed = 0, scale = 1, known } = options;
  const samples = options.phase
    ? istft(fromPolar(magnitudes, options.phase), settings)
    : griffinLim(magnitudes, { ...settings, iterations, seed, ...(known ? { known } : {}) });
  return scale === 1 ? samples : samples.map((sample) => sample * scale);
}

function transformOf({ nFft, hopLength, padMode }: PowerSpectrogramConfig) {
  return { nFft, hopLength, window: 'sine', padMode } as const;
}
