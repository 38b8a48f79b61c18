import { openAudio } from '../audio/open.ts';
import { nextPowerOfTwo, realFft } from '../dsp/fft.ts';
import { makeWindow } from '../dsp/window.ts';
import { refuseChanged } from './indexed-file.ts';
import { MonoReader } from './mono-reader.ts';
import { columnsOf, zeroPadding } from './spectrogram.ts';
import type { SpectrogramPicture, SpectrogramTask } from './tasks.ts';

export type PhaseQuantity = 'phase' | 'instantaneous-frequency' | 'group-delay';

/**
 * A picture of what the magnitude leaves out, on the grid of the spectrogram: the phase against each window's centre, or by
 * how much the energy of a bin lies beside the bin in frequency or the window in time (reassignment; F. Auger, P. Flandrin,
 * IEEE Trans. Signal Process. 43(5), 1995). One window a column, at its middle. What lies below `minDb` has no phase that
 * could be heard: it is drawn as 0, or for phase as the lowest value.
 *
 * @throws ResynthError as `drawSpectrogram`.
 */
export function drawPhase(task: SpectrogramTask, quantity: PhaseQuantity): SpectrogramPicture {
  refuseChanged(task.file);
  const source = openAudio(task.file.path);
  try {
    const { sampleRateHz } = source.info;
    const windowLength = Math.max(4, Math.round(task.windowSec * sampleRateHz));
    const fftSize = nextPowerOfTwo(windowLength * zeroPadding);
    const { frames, hopLength } = columnsOf(task, windowLength);
    const bins = fftSize / 2 + 1;
    const half = Math.floor(windowLength / 2);
    const window = makeWindow('hann', windowLength);
    const spectrum = spectrumReader(fftSize);
    const reader = new MonoReader(task.file.path, source, Math.max(0, task.stretch.from - windowLength));
    const second = secondWindow(quantity, window);
    const limits = limitsOf(quantity, sampleRateHz, windowLength);
    const levels = new Uint8Array(bins * frames).fill(quantity === 'phase' ? 0 : 128);
    const sum = window.reduce((total, value) => total + value, 0);
    const leastPower = ((sum / 2) * 10 ** (task.minDb / 20)) ** 2;
    for (let column = 0; column < frames; column++) {
      const start = task.stretch.from + column * hopLength + Math.floor(hopLength / 2) - half;
      const plain = spectrum(reader, start, window, 0);
      const other = second && plain ? spectrum(reader, start, second, 1) : plain;
      if (!plain || !other) continue;
      for (let bin = 0, at = column; bin < bins; bin++, at += frames) {
        const [re, im] = [plain.re[bin]!, plain.im[bin]!];
        const power = re * re + im * im;
        if (power < leastPower) continue;
        const value =
          quantity === 'phase'
            ? wrapped(Math.atan2(im, re) + (2 * Math.PI * ((bin * half) % fftSize)) / fftSize)
            : quantity === 'group-delay'
              ? (other.re[bin]! * re + other.im[bin]! * im) / power / sampleRateHz
              : -(((other.im[bin]! * re - other.re[bin]! * im) / power) * sampleRateHz) / (2 * Math.PI);
        levels[at] = Math.max(
          0,
          Math.min(255, Math.round(((value - limits.low) / (limits.high - limits.low)) * 255)),
        );
      }
    }
    reader.refuseDamage(task.stretch.to);
    return {
      kind: 'spectrogram',
      sampleRateHz,
      fftSize,
      windowLength,
      hopLength,
      bins,
      frames,
      levels,
      shows: { quantity, ...limits },
    };
  } finally {
    source.close();
  }
}

/** The values that the darkest and the brightest level stand for. */
function limitsOf(
  quantity: PhaseQuantity,
  sampleRateHz: number,
  windowLength: number,
): { low: number; high: number; unit: string } {
  if (quantity === 'phase') return { low: -Math.PI, high: Math.PI, unit: 'rad' };
  // Half of the window's main lobe, and half of the window: beyond these a bin has no energy of its own.
  const most =
    quantity === 'group-delay' ? windowLength / 2 / sampleRateHz : (2 * sampleRateHz) / windowLength;
  return { low: -most, high: most, unit: quantity === 'group-delay' ? 's' : 'Hz' };
}

/** The window by which the second transform is made; null where one is enough. */
function secondWindow(quantity: PhaseQuantity, window: Float64Array): Float64Array | null {
  const { length } = window;
  if (quantity === 'phase') return null;
  if (quantity === 'group-delay') return window.map((value, n) => value * (n - Math.floor(length / 2)));
  return window.map((_, n) => (window[(n + 1) % length]! - window[(n + length - 1) % length]!) / 2);
}

function spectrumReader(fftSize: number) {
  const fft = realFft(fftSize);
  const bins = fftSize / 2 + 1;
  const input = new Float64Array(fftSize);
  const make = () => ({ re: new Float64Array(bins), im: new Float64Array(bins) });
  const spectra = [make(), make()] as const;
  return (reader: MonoReader, start: number, window: Float64Array, which: 0 | 1) => {
    if (!reader.fill(start, window, input)) return null;
    const spectrum = spectra[which];
    fft.forward(input, spectrum.re, spectrum.im);
    return spectrum;
  };
}

function wrapped(phase: number): number {
  return phase - 2 * Math.PI * Math.round(phase / (2 * Math.PI));
}
