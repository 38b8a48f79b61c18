import { binCount } from './frames.ts';
import type { Matrix } from './matrix.ts';

/**
 * How Hertz become mel. `slaney`: linear to 1 kHz, logarithmic above (M. Slaney, Auditory Toolbox, 1998; librosa's default);
 * `htk`: `2595 log10(1 + f / 700)` (the HTK book; torchaudio's default).
 */
export type MelScale = 'slaney' | 'htk';

/**
 * What a filter's height is. `slaney`: 2 over its width in Hz, so that all have the same area (librosa's default); `none`: 1
 * (torchaudio's default).
 */
export type MelNorm = 'slaney' | 'none';

export interface MelOptions {
  sampleRateHz: number;
  nFft: number;
  /** 128 by default, as in both. */
  nMels?: number;
  /** 0 by default. */
  fminHz?: number;
  /** Half the sample rate by default. */
  fmaxHz?: number;
  scale?: MelScale;
  norm?: MelNorm;
}

/** Slaney's scale: 15 mel a kilohertz up to 1 kHz, then 27 to each factor of 6.4. */
const slaneyHzPerMel = 200 / 3;
const slaneyBreakHz = 1000;
const slaneyBreakMel = slaneyBreakHz / slaneyHzPerMel;
const slaneyLogStep = Math.log(6.4) / 27;

/** Mel of a frequency in Hz. */
export function hzToMel(hz: number, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  return hz < slaneyBreakHz
    ? hz / slaneyHzPerMel
    : slaneyBreakMel + Math.log(hz / slaneyBreakHz) / slaneyLogStep;
}

/** The inverse of `hzToMel`. */
export function melToHz(mel: number, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < slaneyBreakMel
    ? mel * slaneyHzPerMel
    : slaneyBreakHz * Math.exp(slaneyLogStep * (mel - slaneyBreakMel));
}

/** Triangular filters, each held as the bins where it is not zero. */
export interface MelBank {
  readonly bins: number;
  readonly nMels: number;
  /** First bin of each filter `[nMels]`. */
  readonly starts: Uint32Array;
  /** Where each filter's weights begin in `weights`, `[nMels + 1]`. */
  readonly offsets: Uint32Array;
  readonly weights: Float64Array;
  /** The filters that no bin falls into: their output is always zero. More filters were asked for than the FFT resolves. */
  readonly empty: readonly number[];
}

/**
 * The filter bank of `librosa.filters.mel`, which is that of torchaudio's `melscale_fbanks` with the other scale and norm.
 *
 * @throws RangeError for settings that have no meaning (the words name them).
 */
export function melBank(options: MelOptions): MelBank {
  const { sampleRateHz, nFft, nMels = 128, fminHz = 0, fmaxHz = sampleRateHz / 2 } = options;
  const { scale = 'slaney', norm = 'slaney' } = options;
  if (!Number.isInteger(nMels) || nMels < 1) throw new RangeError(`${nMels} mel filters have no meaning.`);
  if (!(fminHz >= 0 && fminHz < fmaxHz))
    throw new RangeError(`Mel filters from ${fminHz} to ${fmaxHz} Hz have no meaning.`);
  if (fmaxHz > sampleRateHz / 2)
    throw new RangeError(`fmax is ${fmaxHz} Hz, above half the rate of ${sampleRateHz} Hz.`);
  const bins = binCount({ nFft });
  const [lowest, highest] = [hzToMel(fminHz, scale), hzToMel(fmaxHz, scale)];
  const edgesHz = Float64Array.from({ length: nMels + 2 }, (_, i) =>
    melToHz(lowest + ((highest - lowest) * i) / (nMels + 1), scale),
  );
  const starts = new Uint32Array(nMels);
  const offsets = new Uint32Array(nMels + 1);
  const weights: number[] = [];
  const empty: number[] = [];
  for (let filter = 0; filter < nMels; filter++) {
    const [low, centre, high] = [edgesHz[filter]!, edgesHz[filter + 1]!, edgesHz[filter + 2]!];
    const height = norm === 'slaney' ? 2 / (high - low) : 1;
    let bin = Math.max(0, Math.floor((low * nFft) / sampleRateHz));
    const heightAt = (at: number): number => {
      const hz = (at * sampleRateHz) / nFft;
      return Math.min((hz - low) / (centre - low), (high - hz) / (high - centre));
    };
    while (bin < bins && heightAt(bin) <= 0 && (bin * sampleRateHz) / nFft < high) bin++;
    starts[filter] = bin;
    for (; bin < bins && heightAt(bin) > 0; bin++) weights.push(height * heightAt(bin));
    offsets[filter + 1] = weights.length;
    if (offsets[filter] === offsets[filter + 1]) empty.push(filter);
  }
  return { bins, nMels, starts, offsets, weights: Float64Array.from(weights), empty };
}

/** The bank as a matrix `[nMels, bins]`. */
export function melMatrix(bank: MelBank): Matrix<Float64Array> {
  const data = new Float64Array(bank.nMels * bank.bins);
  for (let filter = 0; filter < bank.nMels; filter++) {
    const own = bank.weights.subarray(bank.offsets[filter]!, bank.offsets[filter + 1]!);
    data.set(own, filter * bank.bins + bank.starts[filter]!);
  }
  return { bins: bank.nMels, frames: bank.bins, data };
}

/** One frame through the bank: `power` `[bins]` into `mel` `[nMels]`, which begins at `at`. */
export function melFrame(bank: MelBank, power: Float64Array, mel: Float64Array, at = 0): void {
  const { starts, offsets, weights, nMels } = bank;
  for (let filter = 0; filter < nMels; filter++) {
    // Sums side by side: one alone would wait for each addition to end.
    let even = 0;
    let odd = 0;
    let bin = starts[filter]!;
    const end = offsets[filter + 1]!;
    let i = offsets[filter]!;
    for (; i + 1 < end; i += 2, bin += 2) {
      even += weights[i]! * power[bin]!;
      odd += weights[i + 1]! * power[bin + 1]!;
    }
    if (i < end) even += weights[i]! * power[bin]!;
    mel[at + filter] = even + odd;
  }
}
