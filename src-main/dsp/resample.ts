import { nextPowerOfTwo, realFft } from './fft.ts';
import type { RealArray } from './matrix.ts';
import { kaiserAt, kaiserBeta, kaiserOrder } from './window.ts';

/** Where the resampler stops being flat, as a part of the lower of both Nyquist frequencies (soxr's `hq` likewise). */
const passEdge = 0.913;
/** Attenuation of everything from the lower Nyquist frequency on. */
const attenuationDb = 140;
/** Pairs of rates whose filters are kept. */
const keptPlans = 16;

/** The two filters for one pair of rates. */
interface Plan {
  /** 2 where the signal is doubled in rate first (zeros between samples), so that the short filter's edge is wide. */
  up: 1 | 2;
  /** The sharp filter at rate `up * fromHz`: `2 reach + 1` taps. */
  sharp: Float64Array;
  reach: number;
  /** The output takes a sample every `step / phaseCount` samples of the filtered signal. */
  phaseCount: number;
  step: number;
  /** The short filter `[phaseCount, taps]`; null where every `step`-th sample is taken as it is. */
  phases: Float64Array | null;
  taps: number;
  /** Spectra of the sharp filter by FFT size. */
  spectra: Map<number, { re: Float64Array; im: Float64Array }>;
}

/** Samples that `resample` gives: `ceil(samples * toHz / fromHz)`, as librosa. */
export function resampledLength(samples: number, fromHz: number, toHz: number): number {
  return Math.ceil((samples * toHz) / fromHz);
}

/**
 * Band-limited resampling between whole rates in Hz: linear phase, no delay, the signal being zero outside. Flat to 0.913
 * of the lower Nyquist frequency and 140 dB down from that Nyquist on, as librosa's `soxr_hq`.
 *
 * Two Kaiser-windowed sincs share the work: a long one with the sharp edge, run by FFT at the input's rate or twice
 * that, then a short polyphase one, whose edge is wide, that reaches the output's rate.
 */
export function resample(samples: RealArray, fromHz: number, toHz: number): Float32Array<ArrayBuffer> {
  for (const rateHz of [fromHz, toHz]) {
    if (!Number.isInteger(rateHz) || rateHz < 1)
      throw new RangeError(`A sample rate of ${rateHz} Hz: a whole number is needed.`);
  }
  if (fromHz === toHz) return Float32Array.from(samples);
  const output = new Float32Array(resampledLength(samples.length, fromHz, toHz));
  if (output.length === 0) return output;
  const plan = planFor(fromHz, toHz);
  const filtered = filterSharply(samples, plan);
  if (plan.phases) interpolate(filtered, plan, plan.phases, output);
  else for (let i = 0, at = 0; i < output.length; i++, at += plan.step) output[i] = filtered[at]!;
  return output;
}

/**
 * The signal at `up` times its rate through the sharp filter, by overlap-save. The signal's first sample is at index
 * `taps / 2`; as many follow its last.
 */
function filterSharply(samples: RealArray, plan: Plan): Float64Array {
  const { up, sharp, reach, taps } = plan;
  const filtered = new Float64Array(up * samples.length + taps);
  const blockSize = nextPowerOfTwo(
    Math.max(16, Math.min(8 * sharp.length, filtered.length + sharp.length + 1)),
  );
  const filter = filterSpectrum(plan, blockSize);
  const inputFft = realFft(blockSize / up);
  const outputFft = realFft(blockSize);
  const input = new Float64Array(inputFft.size);
  const block = new Float64Array(outputFft.size);
  const inRe = new Float64Array(inputFft.bins);
  const inIm = new Float64Array(inputFft.bins);
  const re = new Float64Array(outputFft.bins);
  const im = new Float64Array(outputFft.bins);
  // Only what lies `sharp.length - 1` or more into a block is free of wrap-around.
  const valid = blockSize - (sharp.length - 1) - (up - 1);
  for (let done = 0; done < filtered.length; done += valid) {
    const wanted = done - taps / 2;
    const firstInput = Math.floor((wanted - reach) / up);
    const offset = wanted + reach - firstInput * up;
    const from = Math.max(0, -firstInput);
    const to = Math.min(input.length, samples.length - firstInput);
    input.fill(0);
    for (let n = from; n < to; n++) input[n] = samples[firstInput + n]!;
    inputFft.forward(input, inRe, inIm);
    // Zeros between samples repeat the spectrum, mirrored: bin k above the input's Nyquist is bin (size - k), conjugate.
    for (let k = 0; k < outputFft.bins; k++) {
      const mirrored = k >= inputFft.bins;
      const source = mirrored ? inputFft.size - k : k;
      const xRe = inRe[source]!;
      const xIm = mirrored ? -inIm[source]! : inIm[source]!;
      re[k] = xRe * filter.re[k]! - xIm * filter.im[k]!;
      im[k] = xRe * filter.im[k]! + xIm * filter.re[k]!;
    }
    outputFft.inverse(re, im, block);
    const count = Math.min(valid, filtered.length - done);
    filtered.set(block.subarray(offset, offset + count), done);
  }
  return filtered;
}

/** Sums the short filter's row for each output sample. */
function interpolate(filtered: Float64Array, plan: Plan, phases: Float64Array, output: Float32Array): void {
  const { taps, phaseCount, step } = plan;
  const wholeStep = Math.floor(step / phaseCount);
  const phaseStep = step % phaseCount;
  let at = 1;
  let phase = 0;
  for (let i = 0; i < output.length; i++) {
    let even = 0;
    let odd = 0;
    const row = phase * taps;
    for (let j = 0; j < taps; j += 2) {
      even += phases[row + j]! * filtered[at + j]!;
      odd += phases[row + j + 1]! * filtered[at + j + 1]!;
    }
    output[i] = even + odd;
    at += wholeStep;
    phase += phaseStep;
    if (phase >= phaseCount) {
      phase -= phaseCount;
      at++;
    }
  }
}

const plans = new Map<string, Plan>();

function planFor(fromHz: number, toHz: number): Plan {
  const key = `${fromHz}:${toHz}`;
  const known = plans.get(key);
  if (known) return known;
  const plan = makePlan(fromHz, toHz);
  const oldest = plans.keys().next();
  if (plans.size >= keptPlans && !oldest.done) plans.delete(oldest.value);
  plans.set(key, plan);
  return plan;
}

function makePlan(fromHz: number, toHz: number): Plan {
  const up = fromHz >= 2 * toHz ? 1 : 2;
  const rateHz = up * fromHz;
  const nyquistHz = Math.min(fromHz, toHz) / 2;
  const beta = kaiserBeta(attenuationDb);

  const widthRadians = (2 * Math.PI * (1 - passEdge) * nyquistHz) / rateHz;
  const reach = Math.ceil(kaiserOrder(attenuationDb, widthRadians) / 2);
  const cutoff = ((1 + passEdge) * nyquistHz) / rateHz;
  const sharp = new Float64Array(2 * reach + 1);
  for (let i = 0; i < sharp.length; i++) {
    sharp[i] = up * cutoff * sinc(cutoff * (i - reach)) * kaiserAt((i - reach) / (reach + 1), beta);
  }

  const divisor = greatestCommonDivisor(rateHz, toHz);
  const phaseCount = toHz / divisor;
  const step = rateHz / divisor;
  const plan: Plan = { up, sharp, reach, phaseCount, step, phases: null, taps: 0, spectra: new Map() };
  if (phaseCount === 1) return plan;
  const order = kaiserOrder(attenuationDb, (2 * Math.PI * (rateHz - 2 * nyquistHz)) / rateHz);
  const taps = 2 * Math.ceil((order + 1) / 2);
  const phases = new Float64Array(phaseCount * taps);
  for (let phase = 0; phase < phaseCount; phase++) {
    for (let j = 0; j < taps; j++) {
      const x = j + 1 - taps / 2 - phase / phaseCount;
      phases[phase * taps + j] = sinc(x) * kaiserAt(x / (taps / 2), beta);
    }
  }
  return { ...plan, phases, taps };
}

function filterSpectrum(plan: Plan, size: number): { re: Float64Array; im: Float64Array } {
  let spectrum = plan.spectra.get(size);
  if (!spectrum) {
    const fft = realFft(size);
    spectrum = { re: new Float64Array(fft.bins), im: new Float64Array(fft.bins) };
    const padded = new Float64Array(size);
    padded.set(plan.sharp);
    fft.forward(padded, spectrum.re, spectrum.im);
    plan.spectra.set(size, spectrum);
  }
  return spectrum;
}

/** `sin(pi x) / (pi x)`. */
function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
