import type { z } from 'zod';
import type { spectrogramPictureSchema } from '../../src-preload/contract/commands/recordings.ts';

export type SpectrogramPicture = z.output<typeof spectrogramPictureSchema>;

export type FrequencyScale = 'linear' | 'mel';

/** What lies under a point of a picture. */
export interface PictureReading {
  timeSec: number;
  frequencyHz: number;
  /** dB re a full-scale sine; `atFloor` where it is this or less. */
  levelDb: number;
  atFloor: boolean;
  /** Where the picture shows something else than level: its value. */
  shown: { value: number; unit: string } | null;
}

/** Share of the picture's height, 0 at the bottom, at which a frequency is drawn. */
export function heightOf(frequencyHz: number, nyquistHz: number, scale: FrequencyScale): number {
  return scale === 'linear' ? frequencyHz / nyquistHz : mel(frequencyHz) / mel(nyquistHz);
}

/** The frequency that is drawn at a share of the picture's height. */
export function frequencyAt(height: number, nyquistHz: number, scale: FrequencyScale): number {
  return scale === 'linear' ? height * nyquistHz : fromMel(height * mel(nyquistHz));
}

/**
 * Colours a picture: one pixel a frame, `rows` pixels high, highest frequency on top.
 *
 * @param table 256 pixels, lowest level first.
 */
export function paintPicture(
  picture: Omit<SpectrogramPicture, 'reference'>,
  table: Uint32Array,
  scale: FrequencyScale,
  rows: number,
): Uint32Array<ArrayBuffer> {
  const { bins, frames, levels, sampleRateHz } = picture;
  const pixels = new Uint32Array(frames * rows);
  const nyquistHz = sampleRateHz / 2;
  for (let row = 0; row < rows; row++) {
    const bin = binAt(frequencyAt((rows - row - 0.5) / rows, nyquistHz, scale), picture);
    const from = Math.min(bin, bins - 1) * frames;
    for (let frame = 0; frame < frames; frame++) {
      pixels[row * frames + frame] = table[levels[from + frame] ?? 0] ?? 0;
    }
  }
  return pixels;
}

/** Reads a picture at shares of its width (0 left) and height (0 bottom). */
export function readPicture(
  picture: Omit<SpectrogramPicture, 'reference'>,
  x: number,
  y: number,
  scale: FrequencyScale,
): PictureReading {
  const { bins, frames, levels, fromSec, toSec, minDb, maxDb, sampleRateHz, shows } = picture;
  const frequencyHz = frequencyAt(clampShare(y), sampleRateHz / 2, scale);
  const bin = Math.min(binAt(frequencyHz, picture), bins - 1);
  const frame = Math.min(Math.floor(clampShare(x) * frames), frames - 1);
  const level = levels[bin * frames + frame] ?? 0;
  return {
    timeSec: fromSec + clampShare(x) * (toSec - fromSec),
    frequencyHz,
    levelDb: minDb + (level / 255) * (maxDb - minDb),
    atFloor: level === 0,
    shown: shows ? { value: shows.low + (level / 255) * (shows.high - shows.low), unit: shows.unit } : null,
  };
}

/** Round values for the marks of an axis: at most `count` of them, from `low` to `high`. */
export function axisMarks(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0) || count < 1) return [];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const marks: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high + step * 1e-9; at++) {
    // 0.30000000000000004 would not be a round value.
    marks.push(Number((at * step).toPrecision(12)));
  }
  return marks;
}

/** So much room a mark of the frequency axis takes, in px; the name of the unit takes the top. */
const markPx = 18;

/** Round frequencies for the marks of the axis, up to where its unit is written, none upon another. */
export function frequencyMarksOf(nyquistHz: number, scale: FrequencyScale, heightPx: number): number[] {
  if (!(nyquistHz > 0)) return [];
  const candidates =
    scale === 'linear'
      ? axisMarks(0, nyquistHz, Math.max(2, Math.floor(heightPx / 40)))
      : [250, 500, 1000, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000, 24_000, 48_000];
  const marks: number[] = [];
  let lastPx = 0;
  for (const mark of candidates) {
    const atPx = heightOf(mark, nyquistHz, scale) * heightPx;
    if (mark <= 0 || atPx < lastPx + markPx || atPx > heightPx - 1.5 * markPx) continue;
    marks.push(mark);
    lastPx = atPx;
  }
  return marks;
}

function binAt(
  frequencyHz: number,
  { fftSize, sampleRateHz }: Pick<SpectrogramPicture, 'fftSize' | 'sampleRateHz'>,
): number {
  return Math.round((frequencyHz * fftSize) / sampleRateHz);
}

function mel(frequencyHz: number): number {
  return 2595 * Math.log10(1 + frequencyHz / 700);
}

function fromMel(mels: number): number {
  return 700 * (10 ** (mels / 2595) - 1);
}

function clampShare(share: number): number {
  return Math.min(Math.max(0, share), 1);
}
