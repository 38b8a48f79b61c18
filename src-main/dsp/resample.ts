import { nextPowerOfTwo, realFft, type RealFft } from './fft.ts';
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
  /** What filtering in blocks of one size needs, by that size. */
  blocks: Map<number, Block>;
}

/** Work space for one block, made once: making it would take longer than filtering with it. */
interface Block {
  inputFft: RealFft;
  outputFft: RealFft;
  /** The sharp filter's spectrum: real, since the filter is symmetric about sample 0. */
  response: Float64Array;
  input: Float64Array;
  output: Float64Array;
  inRe: Float64Array;
  inIm: Float64Array;
  re: Float64Array;
  im: Float64Array;
}

/** Samples that `resample` gives: `ceil(samples * toHz / fromHz)`, as librosa. */
export function resampledLength(samples: number, fromHz: number, toHz: number): number {
  return Math.ceil((samples * toHz) / fromHz);
}

/** How many input samples on either side an output sample is made of. */
export function resampleReach(fromHz: number, toHz: number): number {
  refuseRates(fromHz, toHz);
  if (fromHz === toHz) return 0;
  const { up, reach, taps } = planFor(fromHz, toHz);
  return Math.ceil((reach + taps) / up) + 1;
}

/**
 * Band-limited resampling between whole rates in Hz: linear phase, no delay, the signal being zero outside. Flat to 0.913
 * of the lower Nyquist frequency and 140 dB down from that Nyquist on, as librosa's `soxr_hq`.
 *
 * Two Kaiser-windowed sincs share the work: a long one with the sharp edge, run by FFT at the input's rate or twice
 * that, then a short polyphase one, whose edge is wide, that reaches the output's rate.
 */
export function resample(samples: RealArray, fromHz: number, toHz: number): Float32Array<ArrayBuffer> {
  refuseRates(fromHz, toHz);
  const output = new Float32Array(resampledLength(samples.length, fromHz, toHz));
  resampleInto(output, samples, fromHz, toHz);
  return output;
}

/** `resample` into `output`, as much as it holds; what is behind the signal's end is left as it is. */
export function resampleInto(output: Float32Array, samples: RealArray, fromHz: number, toHz: number): void {
  refuseRates(fromHz, toHz);
  const target = output.subarray(0, resampledLength(samples.length, fromHz, toHz));
  if (fromHz === toHz) {
    target.set(samples.subarray(0, target.length));
    return;
  }
  if (target.length === 0) return;
  const plan = planFor(fromHz, toHz);
  const filtered = filterSharply(samples, plan);
  if (plan.phases) interpolate(filtered, plan, plan.phases, target);
  else for (let i = 0, at = 0; i < target.length; i++, at += plan.step) target[i] = filtered[at]!;
}

function refuseRates(...ratesHz: number[]): void {
  for (const rateHz of ratesHz) {
    if (!Number.isInteger(rateHz) || rateHz < 1) {
      throw new RangeError(`A sample rate of ${rateHz} Hz: a whole number is needed.`);
    }
  }
}

/** Up to 1 MiB of work space is kept between calls. */
let keptSpace = new Float64Array(0);

function workSpace(length: number): Float64Array {
  if (length > 2 ** 17) return new Float64Array(length);
  if (keptSpace.length < length) keptSpace = new Float64Array(nextPowerOfTwo(length));
  return keptSpace.subarray(0, length);
}

/**
 * The signal at `up` times its rate through the sharp filter, by overlap-save. The signal's first sample is at index
 * `taps / 2`; as many follow its last. The result is work space: the next call writes over it.
 */
function filterSharply(samples: RealArray, plan: Plan): Float64Array {
  const { up, sharp, reach, taps } = plan;
  const filtered = workSpace(up * samples.length + taps);
  const size = nextPowerOfTwo(Math.max(16, Math.min(8 * sharp.length, filtered.length + sharp.length + 1)));
  const block = blockFor(plan, size);
  const { input, output } = block;
  // What lies less than `reach` from either end of a block is mixed with the other end.
  const valid = size - 2 * reach - (up - 1);
  for (let done = 0; done < filtered.length; done += valid) {
    const wanted = done - taps / 2;
    const firstInput = Math.floor((wanted - reach) / up);
    const offset = wanted - firstInput * up;
    const from = Math.max(0, -firstInput);
    const to = Math.max(from, Math.min(input.length, samples.length - firstInput));
    input.fill(0, 0, from);
    for (let n = from; n < to; n++) input[n] = samples[firstInput + n]!;
    input.fill(0, to);
    filterBlock(block);
    const count = Math.min(valid, filtered.length - done);
    filtered.set(output.subarray(offset, offset + count), done);
  }
  return filtered;
}

function filterBlock({ inputFft, outputFft, response, input, output, inRe, inIm, re, im }: Block): void {
  inputFft.forward(input, inRe, inIm);
  for (let k = 0; k < inRe.length; k++) {
    re[k] = inRe[k]! * response[k]!;
    im[k] = inIm[k]! * response[k]!;
  }
  // Zeros between samples repeat the spectrum, mirrored: bin k above the input's Nyquist is bin (size - k), conjugate.
  for (let k = inRe.length, source = inputFft.size - k; k < re.length; k++, source--) {
    re[k] = inRe[source]! * response[k]!;
    im[k] = -inIm[source]! * response[k]!;
  }
  outputFft.inverse(re, im, output);
}

/**
 * Sums the short filter's row for each output sample. Four periods go together, as they share the rows: the filter's
 * values are then read once for four samples.
 */
function interpolate(filtered: Float64Array, plan: Plan, phases: Float64Array, output: Float32Array): void {
  const { taps, phaseCount, step } = plan;
  const periods = Math.floor(output.length / phaseCount);
  const together = periods - (periods % 4);
  for (let period = 0; period < together; period += 4) {
    const base = period * phaseCount;
    for (let n = 0, position = 0; n < phaseCount; n++, position += step) {
      const whole = Math.floor(position / phaseCount);
      const row = (position - whole * phaseCount) * taps;
      const at = period * step + whole + 1;
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let j = 0; j < taps; j++) {
        const weight = phases[row + j]!;
        sum0 += weight * filtered[at + j]!;
        sum1 += weight * filtered[at + j + step]!;
        sum2 += weight * filtered[at + j + 2 * step]!;
        sum3 += weight * filtered[at + j + 3 * step]!;
      }
      output[base + n] = sum0;
      output[base + n + phaseCount] = sum1;
      output[base + n + 2 * phaseCount] = sum2;
      output[base + n + 3 * phaseCount] = sum3;
    }
  }
  for (let i = together * phaseCount; i < output.length; i++) {
    const position = i * step;
    const whole = Math.floor(position / phaseCount);
    const row = (position - whole * phaseCount) * taps;
    let sum = 0;
    for (let j = 0; j < taps; j++) sum += phases[row + j]! * filtered[whole + 1 + j]!;
    output[i] = sum;
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
  const plan: Plan = { up, sharp, reach, phaseCount, step, phases: null, taps: 0, blocks: new Map() };
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

function blockFor(plan: Plan, size: number): Block {
  const known = plan.blocks.get(size);
  if (known) return known;
  const inputFft = realFft(size / plan.up);
  const outputFft = realFft(size);
  const circular = new Float64Array(size);
  plan.sharp.forEach((tap, i) => (circular[(i - plan.reach + size) % size] = tap));
  const response = new Float64Array(outputFft.bins);
  outputFft.forward(circular, response, new Float64Array(outputFft.bins));
  const block: Block = {
    inputFft,
    outputFft,
    response,
    input: new Float64Array(inputFft.size),
    output: new Float64Array(size),
    inRe: new Float64Array(inputFft.bins),
    inIm: new Float64Array(inputFft.bins),
    re: new Float64Array(outputFft.bins),
    im: new Float64Array(outputFft.bins),
  };
  plan.blocks.set(size, block);
  return block;
}

/** `sin(pi x) / (pi x)`. */
function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
