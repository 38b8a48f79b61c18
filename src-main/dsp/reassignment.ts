import { realFft } from './fft.ts';
import { binCount, forEachStretch, frameCount, frameWindow, type StftOptions } from './frames.ts';
import type { ComplexMatrix, Matrix, RealArray } from './matrix.ts';

export interface ReassignmentOptions extends StftOptions {
  sampleRateHz: number;
}

/** Where the energy of each bin and frame really lies; NaN where there is none. */
export interface Reassigned {
  /** In Hz, `[bins, frames]`. */
  instantaneousFrequencyHz: Matrix<Float64Array>;
  /** By how much it lies behind the frame's centre, in seconds, `[bins, frames]`. */
  groupDelaySec: Matrix<Float64Array>;
}

/**
 * Instantaneous frequency (the phase's derivative in time) and group delay (minus that in frequency) by reassignment: two more
 * transforms, with the window's derivative and with the window times time. F. Auger, P. Flandrin, IEEE Trans. Signal Process.
 * 43(5), 1995; as `librosa.reassigned_spectrogram` without clipping, whose times are the frames' plus this delay.
 */
export function reassign(samples: RealArray, options: ReassignmentOptions): Reassigned {
  const { nFft, sampleRateHz } = options;
  const frames = frameCount(samples.length, options);
  const bins = binCount(options);
  const window = frameWindow(options);
  const slope = cyclicGradient(window);
  const centre = nFft % 2 === 0 ? nFft / 2 - 0.5 : (nFft - 1) / 2;
  const timed = window.map((value, n) => value * (n - centre));
  const fft = realFft(nFft);
  const input = new Float64Array(nFft);
  const make = (): { re: Float64Array; im: Float64Array } => {
    return { re: new Float64Array(bins), im: new Float64Array(bins) };
  };
  const [plain, sloped, delayed] = [make(), make(), make()];
  const frequencyHz = new Float64Array(bins * frames);
  const delaySec = new Float64Array(bins * frames);
  forEachStretch(samples, options, (frame, stretch) => {
    for (const [weights, spectrum] of [
      [window, plain],
      [slope, sloped],
      [timed, delayed],
    ] as const) {
      for (let n = 0; n < nFft; n++) input[n] = weights[n]! * stretch[n]!;
      fft.forward(input, spectrum.re, spectrum.im);
    }
    for (let bin = 0, at = frame; bin < bins; bin++, at += frames) {
      const re = plain.re[bin]!;
      const im = plain.im[bin]!;
      const power = re * re + im * im;
      const turn = (sloped.im[bin]! * re - sloped.re[bin]! * im) / power;
      frequencyHz[at] = (bin * sampleRateHz) / nFft - (turn * sampleRateHz) / (2 * Math.PI);
      delaySec[at] = (delayed.re[bin]! * re + delayed.im[bin]! * im) / power / sampleRateHz;
    }
  });
  return {
    instantaneousFrequencyHz: { bins, frames, data: frequencyHz },
    groupDelaySec: { bins, frames, data: delaySec },
  };
}

/** Half the difference of the neighbours, the ends being neighbours too: `librosa.util.cyclic_gradient`. */
function cyclicGradient(values: Float64Array): Float64Array {
  const { length } = values;
  return values.map((_, n) => (values[(n + 1) % length]! - values[(n + length - 1) % length]!) / 2);
}

/**
 * Instantaneous frequency in Hz from the phase that each bin gains from the frame before, the gain nearest to that of the bin's
 * centre (the phase vocoder's; J. Flanagan, R. Golden, 1966). The first frame has the bins' centres.
 */
export function phaseDifferenceFrequency(
  spectrum: ComplexMatrix,
  settings: { nFft: number; hopLength: number; sampleRateHz: number },
): Matrix<Float64Array> {
  const { bins, frames, re, im } = spectrum;
  const { nFft, hopLength, sampleRateHz } = settings;
  const data = new Float64Array(bins * frames);
  for (let bin = 0; bin < bins; bin++) {
    const centreHz = (bin * sampleRateHz) / nFft;
    // Whole turns of the expected gain are taken off before it loses digits.
    const expected = (2 * Math.PI * ((bin * hopLength) % nFft)) / nFft;
    for (let frame = 0; frame < frames; frame++) {
      const at = bin * frames + frame;
      if (frame === 0) {
        data[at] = centreHz;
        continue;
      }
      const gain = Math.atan2(im[at]!, re[at]!) - Math.atan2(im[at - 1]!, re[at - 1]!) - expected;
      const wrapped = gain - 2 * Math.PI * Math.round(gain / (2 * Math.PI));
      data[at] = centreHz + (wrapped * sampleRateHz) / (2 * Math.PI * hopLength);
    }
  }
  return { bins, frames, data };
}
