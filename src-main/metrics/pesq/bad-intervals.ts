import { nextPowerOfTwo, realFft } from '../../dsp/fft.ts';
import type { PesqSettings } from './settings.ts';

/** Frames `from` .. `to` (not included) in which the alignment seems to have been wrong. */
export interface BadInterval {
  from: number;
  to: number;
  /** By which the degraded, after the alignment, is still late there. In samples. */
  delay: number;
}

/** A disturbance above this is no frame of the same speech. */
const badDisturbance = 30;
const smear = 2;
const shortestInterval = 5;
/** Frames searched on either side. */
const searchFrames = 4;

/** Intervals of at least five frames with a bad one within two frames of each; `null` where no frame is bad. */
export function badIntervals(disturbance: Float64Array, lastFrame: number): BadInterval[] {
  const bad = (frame: number): boolean => frame > 0 && disturbance[frame]! > badDisturbance;
  const smeared = new Uint8Array(lastFrame + 1);
  for (let frame = smear; frame < lastFrame - smear; frame++) {
    let [left, right] = [false, false];
    for (let k = 0; k <= smear; k++) {
      left ||= bad(frame - k);
      right ||= bad(frame + k);
    }
    smeared[frame] = left && right ? 1 : 0;
  }
  const found: BadInterval[] = [];
  for (let frame = 0; frame <= lastFrame;) {
    if (!smeared[frame]) {
      frame++;
      continue;
    }
    const from = frame;
    while (frame <= lastFrame && smeared[frame]) frame++;
    if (frame <= lastFrame && frame - from >= shortestInterval) found.push({ from, to: frame, delay: 0 });
  }
  return found;
}

/** Looks for the delay of each interval, and puts the degraded there. `inPlace` is what the alignment gave. */
export function realign(
  intervals: readonly BadInterval[],
  reference: Float64Array,
  inPlace: Float64Array,
  longest: number,
  settings: PesqSettings,
): Float64Array {
  const { frame, margin, tail } = settings;
  const reach = searchFrames * frame;
  const end = longest - margin + tail;
  for (const interval of intervals) {
    const { from, to } = samplesOf(interval, settings);
    const ours = new Float64Array(to - from + 2 * reach);
    ours.set(reference.subarray(from, to), reach);
    const theirs = Float64Array.from(ours, (_, n) => inPlace[clamp(from - reach + n, margin, end - 1)]!);
    const { delay, correlation } = delayByMagnitude(ours, theirs, reach);
    interval.delay = correlation < 0.5 ? 0 : delay;
  }
  const moved = Float64Array.from(inPlace);
  for (const interval of intervals) {
    const { from, to } = samplesOf(interval, settings);
    for (let n = from; n < to; n++) moved[n] = inPlace[clamp(n + interval.delay, 0, longest - 1)]!;
  }
  return moved;
}

function samplesOf({ from, to }: BadInterval, { frame, margin }: PesqSettings) {
  return { from: margin + (from * frame) / 2, to: margin + (to * frame) / 2 + frame };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

/** The lag within `reach` at which the magnitudes of two signals correlate most. */
function delayByMagnitude(reference: Float64Array, degraded: Float64Array, reach: number) {
  const fft = realFft(nextPowerOfTwo(2 * reference.length));
  const norm = Math.sqrt(power(reference) * power(degraded));
  if (power(reference) / fft.size <= 1e-6 || power(degraded) / fft.size <= 1e-6)
    return { delay: 0, correlation: 0 };
  const input = new Float64Array(fft.size);
  const spectrum = (samples: Float64Array) => {
    const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
    input.fill(0);
    for (let n = 0; n < samples.length; n++) input[n] = Math.abs(samples[n]!);
    fft.forward(input, re, im);
    return { re, im };
  };
  const a = spectrum(reference);
  const b = spectrum(degraded);
  for (let bin = 0; bin < fft.bins; bin++) {
    const re = a.re[bin]! * b.re[bin]! + a.im[bin]! * b.im[bin]!;
    b.im[bin] = a.re[bin]! * b.im[bin]! - a.im[bin]! * b.re[bin]!;
    b.re[bin] = re;
  }
  fft.inverse(b.re, b.im, input);
  let [delay, correlation] = [0, 0];
  for (let lag = -reach; lag < reach; lag++) {
    const value = Math.abs(input[(lag + fft.size) % fft.size]!) / norm;
    if (value > correlation) [delay, correlation] = [lag, value];
  }
  return { delay, correlation };
}

function power(samples: Float64Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}
