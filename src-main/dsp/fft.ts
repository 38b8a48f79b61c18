import { EvenFft, OddFft } from './fft/any-length.ts';
import { PowerOfTwoFft } from './fft/power-of-two.ts';
import { isPowerOfTwo } from './fft/powers.ts';
import type { RealFft } from './fft/real-fft.ts';

export { isPowerOfTwo, nextPowerOfTwo } from './fft/powers.ts';
export type { RealFft } from './fft/real-fft.ts';

/** Lengths whose transforms are kept. */
const keptSizes = 64;
const kept = new Map<number, RealFft>();

/**
 * The FFT of `size` real samples, for any whole `size` from 1 up; powers of two and lengths of small factors are the quickest.
 * Made once and kept: not to be used re-entrantly, as it owns its work arrays.
 */
export function realFft(size: number): RealFft {
  const known = kept.get(size);
  if (known) return known;
  const fft = makeFft(size);
  const oldest = kept.keys().next();
  if (kept.size >= keptSizes && !oldest.done) kept.delete(oldest.value);
  kept.set(size, fft);
  return fft;
}

function makeFft(size: number): RealFft {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`An FFT of ${size} samples has no meaning.`);
  if (isPowerOfTwo(size) && size >= 4) return new PowerOfTwoFft(size);
  return size % 2 === 0 ? new EvenFft(size) : new OddFft(size);
}
