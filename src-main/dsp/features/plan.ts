import type { FeatureSettings, SettingsOf } from '../../../src-preload/contract/features/settings.ts';
import { dctMatrix, lifterWeights } from '../dct.ts';
import type { StftOptions } from '../frames.ts';
import { melBank, melFrame } from '../mel.ts';

/** The kinds that are made of one frame's spectrum, and at most the largest value of all frames. */
export type FrameKind = 'stft' | 'magnitude' | 'phase' | 'power' | 'db' | 'mel' | 'logmel' | 'mfcc';

/** How one frame becomes a row of numbers. */
export interface FramePlan {
  stft: StftOptions;
  /** Numbers of a row before and after `finish`; two for a complex one. */
  rawSize: number;
  size: number;
  /** Rows are the spectra themselves, in single precision. */
  complex: boolean;
  /** What one frame's spectrum `[bins, 2]` gives: `row` `[rawSize]` filled, or the spectrum itself. Only to be read, at once. */
  begin(spectrum: Float64Array, row: Float64Array): Float64Array;
  /** What is done once the largest raw value of all frames is known; null where rows are complete. */
  finish: ((row: Float64Array, largest: number, output: Float64Array) => void) | null;
  warnings: string[];
}

export function isFrameKind(settings: FeatureSettings): settings is SettingsOf<FrameKind> {
  return ['stft', 'magnitude', 'phase', 'power', 'db', 'mel', 'logmel', 'mfcc'].includes(settings.kind);
}

/** The settings of the transform; `settings` are settled (settings.ts). */
export function stftOptionsOf(settings: SettingsOf<FrameKind | 'if' | 'groupdelay' | 'delta'>): StftOptions {
  return {
    nFft: settings.n_fft,
    hopLength: settings.hop_length ?? Math.floor(settings.n_fft / 4),
    winLength: settings.win_length ?? settings.n_fft,
    window: settings.window,
    symmetry: settings.window_symmetry,
    gaussianStd: settings.gaussian_std,
    center: settings.center,
    padMode: settings.pad_mode,
  };
}

/** The plan for settled settings at a rate. */
export function framePlan(settings: SettingsOf<FrameKind>, sampleRateHz: number): FramePlan {
  const stft = stftOptionsOf(settings);
  const bins = Math.floor(stft.nFft / 2) + 1;
  const plain = { stft, rawSize: bins, size: bins, complex: false, finish: null, warnings: [] };
  switch (settings.kind) {
    case 'stft':
      return {
        ...plain,
        rawSize: 2 * bins,
        size: 2 * bins,
        complex: true,
        begin: (spectrum) => spectrum,
      };
    case 'phase':
      return { ...plain, begin: angles };
    case 'magnitude':
      return { ...plain, begin: magnitudes };
    case 'power':
      return { ...plain, begin: powers };
    case 'db': {
      const { ref, amin = 1e-5 } = settings;
      const squared = { ...settings, ref: ref === 'max' ? ref : ref * ref, amin: amin * amin };
      return { ...plain, begin: powers, finish: decibels(squared) };
    }
    default:
      return melPlan(settings, sampleRateHz, stft, bins);
  }
}

function angles(spectrum: Float64Array, row: Float64Array): Float64Array {
  for (let k = 0; k < row.length; k++) row[k] = Math.atan2(spectrum[2 * k + 1]!, spectrum[2 * k]!);
  return row;
}

function powers(spectrum: Float64Array, row: Float64Array): Float64Array {
  for (let k = 0, at = 0; k < row.length; k++, at += 2) {
    const re = spectrum[at]!;
    const im = spectrum[at + 1]!;
    row[k] = re * re + im * im;
  }
  return row;
}

function magnitudes(spectrum: Float64Array, row: Float64Array): Float64Array {
  powers(spectrum, row);
  for (let k = 0; k < row.length; k++) row[k] = Math.sqrt(row[k]!);
  return row;
}

/** `10 log10(x)` over `ln(x)`, which takes half as long. */
const dbPerNeper = 10 / Math.LN10;

/** Power to dB, `librosa.power_to_db` over all frames. */
function decibels(settings: {
  ref: number | 'max';
  amin?: number | undefined;
  top_db: number | 'none';
}): NonNullable<FramePlan['finish']> {
  const { ref, amin = 1e-10, top_db } = settings;
  return (row, largest, output) => {
    const most = Math.max(amin, largest);
    const refDb = 10 * Math.log10(ref === 'max' ? most : Math.max(amin, ref));
    const floor = top_db === 'none' ? amin : Math.max(amin, most * 10 ** (-top_db / 10));
    const floorDb = 10 * Math.log10(floor) - refDb;
    for (let k = 0; k < row.length; k++)
      output[k] = row[k]! > floor ? dbPerNeper * Math.log(row[k]!) - refDb : floorDb;
  };
}

function melPlan(
  settings: SettingsOf<'mel' | 'logmel' | 'mfcc'>,
  sampleRateHz: number,
  stft: StftOptions,
  bins: number,
): FramePlan {
  const bank = melBank({
    sampleRateHz,
    nFft: stft.nFft,
    nMels: settings.n_mels,
    fminHz: settings.fmin,
    fmaxHz: settings.fmax ?? sampleRateHz / 2,
    scale: settings.mel_scale,
    norm: settings.norm,
  });
  const filtered = new Float64Array(bins);
  const { power } = settings;
  const begin = (spectrum: Float64Array, row: Float64Array): Float64Array => {
    powers(spectrum, filtered);
    if (power !== 2) for (let k = 0; k < bins; k++) filtered[k] = filtered[k]! ** (power / 2);
    melFrame(bank, filtered, row);
    return row;
  };
  const plan = {
    stft,
    rawSize: settings.n_mels,
    size: settings.n_mels,
    complex: false,
    begin,
    warnings: emptyFilterWarnings(bank.empty, settings),
  };
  if (settings.kind === 'mel') return { ...plan, finish: null };
  if (settings.kind === 'logmel') return { ...plan, finish: decibels(settings) };
  return { ...plan, size: settings.n_mfcc, finish: cepstra(settings) };
}

function cepstra(settings: SettingsOf<'mfcc'>): NonNullable<FramePlan['finish']> {
  const { n_mfcc: count, n_mels: size } = settings;
  const matrix = dctMatrix(count, size);
  const lifter = lifterWeights(count, settings.lifter);
  const inDb = decibels(settings);
  const levels = new Float64Array(size);
  return (row, largest, output) => {
    inDb(row, largest, levels);
    for (let k = 0; k < count; k++) output[k] = lifter[k]! * product(matrix, k * size, levels);
  };
}

/** The sum over `values` of each times that of `matrix` from `at` on; four sums side by side, as none need wait for another. */
function product(matrix: Float64Array, at: number, values: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let n = 0;
  for (; n + 3 < values.length; n += 4) {
    s0 += matrix[at + n]! * values[n]!;
    s1 += matrix[at + n + 1]! * values[n + 1]!;
    s2 += matrix[at + n + 2]! * values[n + 2]!;
    s3 += matrix[at + n + 3]! * values[n + 3]!;
  }
  for (; n < values.length; n++) s0 += matrix[at + n]! * values[n]!;
  return s0 + s1 + (s2 + s3);
}

function emptyFilterWarnings(
  empty: readonly number[],
  { n_mels, n_fft }: { n_mels: number; n_fft: number },
): string[] {
  if (empty.length === 0) return [];
  const which = empty.length > 8 ? `${empty.slice(0, 8).join(', ')}, ...` : empty.join(', ');
  return [
    `${empty.length} of ${n_mels} mel filters hold no bin of an FFT of ${n_fft} samples and are always zero (${which}): choose fewer n_mels or a larger n_fft.`,
  ];
}
