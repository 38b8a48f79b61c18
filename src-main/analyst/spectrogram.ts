import { finestHop } from '../../src-preload/contract/tiles.ts';
import { openAudio } from '../audio/open.ts';
import { nextPowerOfTwo, realFft } from '../dsp/fft.ts';
import { makeWindow } from '../dsp/window.ts';
import { refuseChanged } from './indexed-file.ts';
import { MonoReader } from './mono-reader.ts';
import type { SpectrogramPicture, SpectrogramTask } from './tasks.ts';

/** At most so much of a window lies between two columns: more would leave sound unseen. */
const widestHop = 0.5;
/** At least so much of it: closer columns show nothing that their neighbours do not. */
const narrowestHop = finestHop;
/** Zeros added to the window, so that a tone between two bins loses less than half a dB. */
export const zeroPadding = 1.5;

/**
 * The spectrogram of a stretch of a recording at its own rate, all channels mixed, on an absolute scale: a sine at full
 * scale peaks at 0 dB. Column `c` shows the sound from `from + c * hop` to `from + (c + 1) * hop`; where that is longer
 * than half a window it is the loudest of several frames: of all, that leave no sound unseen, or of `mostWindows` spread over
 * the column, between which sound is neither read nor seen. Sound around the stretch is taken into its first and last
 * windows, so that neighbouring stretches fit together.
 *
 * @throws ResynthError dataset/file-changed, dataset/file-vanished, dataset/file-unreadable, any of `audio/*`.
 */
export function drawSpectrogram(task: SpectrogramTask): SpectrogramPicture {
  refuseChanged(task.file);
  const source = openAudio(task.file.path);
  try {
    const { sampleRateHz } = source.info;
    const windowLength = Math.max(4, Math.round(task.windowSec * sampleRateHz));
    const fftSize = nextPowerOfTwo(windowLength * zeroPadding);
    const grid = columnsOf(task, windowLength);
    const bins = fftSize / 2 + 1;
    const loudest = new Float64Array(bins * grid.frames);
    const fft = realFft(fftSize);
    const window = makeWindow('hann', windowLength);
    const input = new Float64Array(fftSize);
    const re = new Float64Array(bins);
    const im = new Float64Array(bins);
    const reader = new MonoReader(task.file.path, source, Math.max(0, task.stretch.from - windowLength));
    for (let column = 0; column < grid.frames; column++) {
      for (let part = 0; part < grid.parts; part++) {
        const centre =
          task.stretch.from +
          column * grid.hopLength +
          Math.floor(((part + 0.5) / grid.parts) * grid.hopLength);
        const at = centre - Math.floor(windowLength / 2);
        if (grid.sparse) reader.skipTo(at);
        if (!reader.fill(at, window, input)) continue;
        fft.forward(input, re, im);
        for (let bin = 0, at = column; bin < bins; bin++, at += grid.frames) {
          const power = re[bin]! * re[bin]! + im[bin]! * im[bin]!;
          if (power > loudest[at]!) loudest[at] = power;
        }
      }
    }
    reader.refuseDamage(task.stretch.to);
    const levels = quantise(loudest, grid.frames, window, task);
    const { hopLength, frames } = grid;
    return { kind: 'spectrogram', sampleRateHz, fftSize, windowLength, hopLength, bins, frames, levels };
  } finally {
    source.close();
  }
}

interface Grid {
  frames: number;
  hopLength: number;
  /** Windows a column. */
  parts: number;
  /** Windows leave sound between them. */
  sparse: boolean;
}

/** The columns of a picture. */
export function columnsOf({ stretch, columns, mostWindows }: SpectrogramTask, windowLength: number): Grid {
  const samples = Math.max(1, stretch.to - stretch.from);
  const hopLength = Math.max(1, Math.round(windowLength * narrowestHop), Math.ceil(samples / columns));
  const needed = Math.ceil(hopLength / Math.max(1, windowLength * widestHop));
  const parts = Math.min(needed, mostWindows ?? needed);
  return { hopLength, frames: Math.ceil(samples / hopLength), parts, sparse: parts < needed };
}

/** Powers `[bins, frames]` in place of which come levels 0..255 between minDb and maxDb. */
function quantise(
  powers: Float64Array,
  frames: number,
  window: Float64Array,
  { minDb, maxDb }: SpectrogramTask,
): Uint8Array {
  // A sine of amplitude 1 reaches half the window's sum in its bin; what has no mirror image (0 Hz, Nyquist) all of it.
  const sum = window.reduce((total, value) => total + value, 0);
  const sineDb = 20 * Math.log10(2 / sum);
  const aloneDb = 20 * Math.log10(1 / sum);
  const levels = new Uint8Array(powers.length);
  const span = maxDb - minDb;
  for (let at = 0; at < powers.length; at++) {
    const power = powers[at]!;
    if (power === 0) continue;
    const alone = at < frames || at >= powers.length - frames;
    const db = 10 * Math.log10(power) + (alone ? aloneDb : sineDb);
    levels[at] = Math.max(0, Math.min(255, Math.round(((db - minDb) / span) * 255)));
  }
  return levels;
}
