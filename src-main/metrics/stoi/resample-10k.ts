import type { RealArray } from '../../dsp/matrix.ts';
import { kaiserAt, kaiserBeta } from '../../dsp/window.ts';

/** The rate at which STOI is defined. */
export const stoiRateHz = 10_000;

/** Stop-band attenuation of the anti-aliasing filter: figures depend on it, so it is that of the original's resampler. */
const attenuationDb = 60;

/** A filter taken apart by where an output lies between two inputs: each phase is one row of weights. */
interface Polyphase {
  up: number;
  down: number;
  /** Weights of a row; the rows of fewer are filled with zeros at their end. */
  width: number;
  /** `[up, width]`. */
  rows: Float64Array;
  /** Of each phase, the input of its first weight against `floor(n * down / up)`. */
  firsts: Int32Array;
}

const kept = new Map<number, Polyphase>();

/**
 * `samples` at 10 kHz by a polyphase Kaiser filter of 60 dB whose roll-off is a tenth of its cut-off, as Octave's `resample`
 * that the authors used. `ceil(n * 10000 / rate)` samples.
 */
export function toStoiRate(samples: RealArray, sampleRateHz: number): RealArray {
  if (sampleRateHz === stoiRateHz) return samples;
  const { up, down, width, rows, firsts } = polyphaseFor(sampleRateHz);
  const count = Math.ceil((samples.length * up) / down);
  const output = new Float64Array(count);
  // Zeros around, so that no weight has to ask whether its sample is there.
  const padded = new Float64Array(samples.length + 2 * width + 2);
  padded.set(samples, width);
  for (let n = 0; n < count; n++) {
    const place = n * down;
    const phase = place % up;
    let at = (place - phase) / up + firsts[phase]! + width;
    const row = phase * width;
    // Four sums at a time: additions of one sum would wait for each other.
    let one = 0;
    let two = 0;
    let three = 0;
    let four = 0;
    for (let tap = row; tap < row + width; tap += 4, at += 4) {
      one += padded[at]! * rows[tap]!;
      two += padded[at + 1]! * rows[tap + 1]!;
      three += padded[at + 2]! * rows[tap + 2]!;
      four += padded[at + 3]! * rows[tap + 3]!;
    }
    output[n] = one + two + (three + four);
  }
  return output;
}

/** The filter of a rate, once. */
function polyphaseFor(sampleRateHz: number): Polyphase {
  const known = kept.get(sampleRateHz);
  if (known) return known;
  const divisor = greatestCommonDivisor(stoiRateHz, sampleRateHz);
  const up = stoiRateHz / divisor;
  const down = sampleRateHz / divisor;
  const cutoff = 1 / (2 * Math.max(up, down));
  const reach = Math.ceil((attenuationDb - 8) / (28.714 * (cutoff / 10)));
  const taps = new Float64Array(2 * reach + 1);
  let sum = 0;
  for (let n = -reach; n <= reach; n++) {
    const x = 2 * cutoff * n;
    const ideal = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    taps[n + reach] = ideal * kaiserAt(n / reach, kaiserBeta(attenuationDb));
    sum += taps[n + reach]!;
  }
  const width = 4 * Math.ceil((Math.floor((2 * reach) / up) + 1) / 4);
  const rows = new Float64Array(up * width);
  const firsts = new Int32Array(up);
  for (let phase = 0; phase < up; phase++) {
    // Of the signal with `up - 1` zeros between its samples, an output hears those from `reach` before it to `reach` after.
    const first = Math.ceil((phase - reach) / up);
    firsts[phase] = first;
    for (let at = 0, tap = phase - first * up + reach; at < width && tap >= 0; at++, tap -= up) {
      rows[phase * width + at] = (taps[tap]! * up) / sum;
    }
  }
  const made = { up, down, width, rows, firsts };
  kept.set(sampleRateHz, made);
  return made;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
