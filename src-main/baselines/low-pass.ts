import { badSetting, type Baseline, noMoreThan, numberSetting } from './baseline.ts';

/** Taps on either side of the middle for each period of the cut-off: the transition is then a fifth of it. */
const periods = 16;

/** The recording without what is above a frequency: what a narrower band alone costs. */
export const lowPass: Baseline = {
  name: 'low-pass',
  title: 'Low-pass',
  help: 'A linear-phase low-pass filter (windowed sinc, Blackman) at a cut-off in Hz, without delay.',
  example: 'low-pass:3400',
  available: () => true,
  prepare(words) {
    noMoreThan(this, words, 1);
    const title = 'the cut-off in Hz';
    const cutOffHz = numberSetting(this, words[0], { title, least: 50, most: 96_000, otherwise: 3400 });
    return {
      settings: `cut-off ${cutOffHz} Hz, windowed sinc`,
      apply: (samples, sampleRateHz) => {
        if (cutOffHz >= sampleRateHz / 2) {
          const half = `half the rate of this recording (${sampleRateHz / 2} Hz)`;
          throw badSetting(this, String(cutOffHz), `a cut-off has to be below ${half}`);
        }
        return { samples: filtered(samples, cutOffHz / sampleRateHz), sampleRateHz, codedBits: null };
      },
    };
  },
};

/** `cutOff` in cycles a sample; the response is one half there. */
function filtered(samples: Float32Array, cutOff: number): Float32Array {
  const reach = Math.ceil(periods / (2 * cutOff));
  const taps = Float64Array.from({ length: 2 * reach + 1 }, (_, at) => {
    const n = at - reach;
    const sinc = n === 0 ? 2 * cutOff : Math.sin(2 * Math.PI * cutOff * n) / (Math.PI * n);
    const turn = (Math.PI * (n + reach)) / reach;
    return sinc * (0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
  });
  const gain = taps.reduce((sum, tap) => sum + tap, 0);
  const output = new Float32Array(samples.length);
  for (let n = 0; n < samples.length; n++) {
    let sum = 0;
    const last = Math.min(samples.length - 1, n + reach);
    for (let m = Math.max(0, n - reach); m <= last; m++) sum += samples[m]! * taps[n - m + reach]!;
    output[n] = sum / gain;
  }
  return output;
}
