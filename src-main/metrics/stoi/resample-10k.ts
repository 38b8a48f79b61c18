import type { RealArray } from '../../dsp/matrix.ts';
import { kaiserAt, kaiserBeta } from '../../dsp/window.ts';

/** The rate at which STOI is defined. */
export const stoiRateHz = 10_000;

/** Stop-band attenuation of the anti-aliasing filter: figures depend on it, so it is that of the original's resampler. */
const attenuationDb = 60;

/**
 * `samples` at 10 kHz by a polyphase Kaiser filter of 60 dB whose roll-off is a tenth of its cut-off, as Octave's `resample`
 * that the authors used. `ceil(n * 10000 / rate)` samples.
 */
export function toStoiRate(samples: RealArray, sampleRateHz: number): RealArray {
  if (sampleRateHz === stoiRateHz) return samples;
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
  const output = new Float64Array(Math.ceil((samples.length * up) / down));
  for (let n = 0; n < output.length; n++) {
    // Output n lies at n * down of the signal with `up - 1` zeros between its samples.
    const centre = n * down;
    const first = Math.max(0, Math.ceil((centre - reach) / up));
    const last = Math.min(samples.length - 1, Math.floor((centre + reach) / up));
    let value = 0;
    for (let m = first, tap = centre - first * up + reach; m <= last; m++, tap -= up) {
      value += samples[m]! * taps[tap]!;
    }
    output[n] = (value * up) / sum;
  }
  return output;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
