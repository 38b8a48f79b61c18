import { isPowerOfTwo } from '../dsp/fft.ts';
import { griffinLim } from '../dsp/griffin-lim.ts';
import { magnitude, stft } from '../dsp/stft.ts';
import { badSetting, type Baseline, noMoreThan, numberSetting } from './baseline.ts';

/** The magnitudes of the recording with a phase that is guessed: what losing the phase alone costs. */
export const griffinLimBaseline: Baseline = {
  name: 'griffin-lim',
  title: 'Griffin-Lim',
  help: 'The STFT magnitudes (FFT size, hop, iterations) inverted by fast Griffin-Lim (momentum 0.99) from a seeded random phase.',
  example: 'griffin-lim:512,128,32',
  available: () => true,
  prepare(words) {
    noMoreThan(this, words, 3);
    const read = (at: number, title: string, least: number, most: number, otherwise: number): number =>
      numberSetting(this, words[at], { title, least, most, otherwise });
    const nFft = read(0, 'the FFT size', 16, 8192, 512);
    const hopLength = read(1, 'the hop', 1, 4096, Math.max(1, nFft / 4));
    const iterations = read(2, 'the number of iterations', 0, 1000, 32);
    if (!isPowerOfTwo(nFft)) throw badSetting(this, String(nFft), 'the FFT size is a power of two');
    if (!Number.isInteger(hopLength) || hopLength > nFft / 2) {
      throw badSetting(this, String(hopLength), 'the hop is a whole number up to half of the FFT size');
    }
    if (!Number.isInteger(iterations)) throw badSetting(this, String(iterations), 'iterations are whole');
    return {
      settings: `FFT ${nFft}, hop ${hopLength}, ${iterations} iterations, seed 0`,
      apply: (samples, sampleRateHz) => {
        const shape = { nFft, hopLength };
        const length = samples.length;
        const signal = griffinLim(magnitude(stft(samples, shape)), { ...shape, iterations, seed: 0, length });
        const output = new Float32Array(length);
        output.set(signal.subarray(0, length));
        return { samples: output, sampleRateHz, codedBits: null };
      },
    };
  },
};
