import type { RealArray } from './matrix.ts';
import { kaiserAt, kaiserBeta } from './window.ts';

/** Zero crossings of the sinc on either side: flat to 0.96 of Nyquist, and no ringing further than this from an edge. */
const reach = 64;
const beta = kaiserBeta(80);
/** Below a ten-thousandth of a sample nothing is to be heard or measured: such samples are copied as they are. */
const wholeWithin = 1e-4;

/**
 * `y[n] = x(n + lagSamples)` for n = 0 .. length - 1: what comes `lagSamples` late is put in its place. Between samples by
 * a Kaiser-windowed sinc; a whole lag copies the samples bit by bit. Zero outside of the signal.
 */
export function shiftBy(samples: RealArray, lagSamples: number, length: number): Float32Array<ArrayBuffer> {
  const shifted = new Float32Array(length);
  const whole = Math.round(lagSamples);
  if (Math.abs(lagSamples - whole) < wholeWithin) {
    const from = Math.max(0, -whole);
    const to = Math.min(length, samples.length - whole);
    for (let n = from; n < to; n++) shifted[n] = samples[n + whole]!;
    return shifted;
  }
  const below = Math.floor(lagSamples);
  const taps = sincTaps(lagSamples - below);
  for (let n = 0; n < length; n++) {
    const first = n + below - reach + 1;
    const from = Math.max(0, -first);
    const to = Math.min(taps.length, samples.length - first);
    let sum = 0;
    for (let tap = from; tap < to; tap++) sum += taps[tap]! * samples[first + tap]!;
    shifted[n] = sum;
  }
  return shifted;
}

/** Weights of the samples from `1 - reach` to `reach` for the value at `fraction`, in 0..1; their sum is 1. */
function sincTaps(fraction: number): Float64Array {
  const taps = new Float64Array(2 * reach);
  let sum = 0;
  for (let tap = 0; tap < taps.length; tap++) {
    const x = fraction - (tap - reach + 1);
    taps[tap] = (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * kaiserAt(x / reach, beta);
    sum += taps[tap]!;
  }
  return taps.map((weight) => weight / sum);
}
