import { realFft } from './fft.ts';
import type { RealArray } from './matrix.ts';
import { makeWindow, padCentre, type WindowName, type WindowOptions } from './window.ts';

/** Settings of the short-time Fourier transform; the names and the meanings are librosa's (0.11). */
export interface StftOptions extends WindowOptions {
  /** Any whole number from 1 up; powers of two are the quickest. */
  nFft: number;
  hopLength: number;
  /** Window length, centred in the frame with zeros around; `nFft` by default. */
  winLength?: number;
  /** Periodic unless `symmetry` says otherwise; `hann` by default. */
  window?: WindowName;
  /** Frame t is centred on sample `t * hopLength`, with `floor(nFft / 2)` samples of padding at both ends; true by default. */
  center?: boolean;
  padMode?: PadMode;
}

/**
 * What the padding of centred frames holds: zeros (`constant`, librosa's default since 0.9), the mirrored signal (`reflect`,
 * torch's), or the end samples again (`edge`).
 */
export type PadMode = 'constant' | 'reflect' | 'edge';

/** Frequency bins of a frame: `floor(nFft / 2) + 1`. */
export function binCount({ nFft }: Pick<StftOptions, 'nFft'>): number {
  return Math.floor(nFft / 2) + 1;
}

/** Samples of padding before the first one. */
export function framePadding({ nFft, center = true }: Pick<StftOptions, 'nFft' | 'center'>): number {
  return center ? Math.floor(nFft / 2) : 0;
}

/** Frames of `samples` samples: `1 + floor(samples / hop)` when centred (for an even FFT), whole frames only otherwise. */
export function frameCount(samples: number, options: StftOptions): number {
  refuseMeaningless(options);
  const covered = samples + 2 * framePadding(options);
  return covered < options.nFft ? 0 : 1 + Math.floor((covered - options.nFft) / options.hopLength);
}

/**
 * Calls `visit` with the spectrum `[floor(nFft / 2) + 1]` of every frame in order. The arrays are reused between calls. Frames
 * that hold only zeros are not visited: their spectrum is zero.
 */
export function forEachFrame(
  samples: RealArray,
  options: StftOptions,
  visit: (frame: number, re: Float64Array, im: Float64Array) => void,
): void {
  const { nFft } = options;
  const window = frameWindow(options);
  const fft = realFft(nFft);
  const re = new Float64Array(fft.bins);
  const im = new Float64Array(fft.bins);
  const input = new Float64Array(nFft);
  forEachStretch(samples, options, (frame, stretch) => {
    let silent = true;
    for (let n = 0; n < nFft; n++) {
      const sample = stretch[n]!;
      if (sample !== 0) silent = false;
      input[n] = window[n]! * sample;
    }
    if (silent) return;
    fft.forward(input, re, im);
    visit(frame, re, im);
  });
}

/** Calls `visit` with the `nFft` samples of every frame in order, padding included; they are only to be read, and at once. */
export function forEachStretch(
  samples: RealArray,
  options: StftOptions,
  visit: (frame: number, stretch: RealArray) => void,
): void {
  const { nFft, hopLength, padMode = 'constant' } = options;
  const frames = frameCount(samples.length, options);
  const padding = framePadding(options);
  refuseShortReflection(samples.length, options);
  const padded = new Float64Array(nFft);
  for (let frame = 0; frame < frames; frame++) {
    const start = frame * hopLength - padding;
    if (start >= 0 && start + nFft <= samples.length) {
      visit(frame, samples.subarray(start, start + nFft));
      continue;
    }
    for (let n = 0; n < nFft; n++) padded[n] = paddedSample(samples, start + n, padMode);
    visit(frame, padded);
  }
}

/** numpy reflects a signal only as far as it goes. */
function refuseShortReflection(samples: number, options: StftOptions): void {
  const padding = framePadding(options);
  if (padding > 0 && options.padMode === 'reflect' && samples <= padding) {
    throw new RangeError(`Reflecting ${padding} samples needs a longer signal than ${samples} samples.`);
  }
}

/** Sample `at` of the signal with its padding. */
function paddedSample(samples: RealArray, at: number, padMode: PadMode): number {
  const last = samples.length - 1;
  if (padMode === 'constant' || last < 0) return samples[at] ?? 0;
  if (padMode === 'edge') return samples[Math.max(0, Math.min(last, at))]!;
  // The end samples are not repeated (numpy's `reflect`).
  const period = Math.max(1, 2 * last);
  const folded = ((at % period) + period) % period;
  return samples[folded <= last ? folded : period - folded]!;
}

const windows = new Map<string, Float64Array>();

/** The window, padded to the frame and made once: only to be read. */
export function frameWindow(options: Omit<StftOptions, 'padMode'>): Float64Array {
  refuseMeaningless(options);
  const { nFft, winLength = nFft, window: name = 'hann', symmetry = 'periodic', gaussianStd } = options;
  const key = `${name} ${winLength} ${nFft} ${symmetry} ${gaussianStd}`;
  let window = windows.get(key);
  if (!window) {
    window = padCentre(makeWindow(name, winLength, { symmetry, gaussianStd }), nFft);
    if (windows.size >= 64) windows.clear();
    windows.set(key, window);
  }
  return window;
}

function refuseMeaningless({ nFft, hopLength }: StftOptions): void {
  if (!Number.isInteger(nFft) || nFft < 1) throw new RangeError(`An FFT size of ${nFft} has no meaning.`);
  if (!Number.isInteger(hopLength) || hopLength < 1)
    throw new RangeError(`A hop of ${hopLength} samples has no meaning.`);
}
