import { formatDb } from '../state/format.ts';
import type { SpectrogramPicture } from './spectrogram-picture.ts';

/** What a picture may show in place of level. */
const quantities = {
  phase: 'Phase',
  'instantaneous-frequency': 'Beside the bin',
  'group-delay': 'Group delay',
};

/** A value of a picture that shows no level. */
export function shownText({ value, unit }: { value: number; unit: string }): string {
  const text =
    unit === 's'
      ? `${(1000 * value).toFixed(1)} ms`
      : unit === 'rad'
        ? `${(value / Math.PI).toFixed(2)} π`
        : `${value.toFixed(0)} ${unit}`;
  return text.replace('-', '−');
}

/** What a picture shows, from where to where, and how it was made. */
export function aboutText({
  shows,
  minDb,
  maxDb,
  windowLength,
  sampleRateHz,
  fftSize,
}: SpectrogramPicture): string {
  const range = shows
    ? `${quantities[shows.quantity]}, ${shownText({ value: shows.low, unit: shows.unit })} to ` +
      shownText({ value: shows.high, unit: shows.unit })
    : `${formatDb(minDb, 0)} to ${formatDb(maxDb, 0)}FS`;
  return `${range} · window ${((1000 * windowLength) / sampleRateHz).toFixed(0)} ms · FFT ${fftSize}`;
}

/** A mark of the time axis: in a sound of minutes and hours as a clock has it. */
export function markText(sec: number, durationSec: number): string {
  if (durationSec < 600) return String(sec);
  const hours = Math.floor(sec / 3600);
  const minutes = Math.floor(sec / 60) % 60;
  const [whole = '0', part] = String(Number((sec % 60).toFixed(3))).split('.');
  const seconds = part === undefined ? two(whole) : `${two(whole)}.${part}`;
  return hours > 0 ? `${hours}:${two(String(minutes))}:${seconds}` : `${minutes}:${seconds}`;
}

function two(part: string): string {
  return part.padStart(2, '0');
}
