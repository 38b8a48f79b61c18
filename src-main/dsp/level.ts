import type { RealArray } from './matrix.ts';

/** The largest |sample|; 0 for none. 1 is full scale. */
export function peak(samples: RealArray): number {
  let largest = 0;
  for (let i = 0; i < samples.length; i++) {
    const size = Math.abs(samples[i]!);
    if (size > largest) largest = size;
  }
  return largest;
}

/** The sum of squared samples. */
export function energy(samples: RealArray): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! * samples[i]!;
  return sum;
}

/** Root mean square; 0 for no samples. */
export function rms(samples: RealArray): number {
  return samples.length === 0 ? 0 : Math.sqrt(energy(samples) / samples.length);
}

/** An amplitude in dB relative to full scale, `20 log10(a)`: 0 for 1, -Infinity for silence. */
export function dbfs(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}
