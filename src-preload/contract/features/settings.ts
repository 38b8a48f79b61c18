import { z } from 'zod';

/** What `features` can compute. */
export const featureKinds = {
  stft: 'The complex short-time Fourier transform.',
  magnitude: 'Its magnitude.',
  phase: 'Its angle in radians.',
  power: 'Its magnitude squared.',
  db: 'Its magnitude in dB (librosa.amplitude_to_db).',
  mel: 'Power through mel filters (librosa.feature.melspectrogram).',
  logmel: 'That in dB (librosa.power_to_db).',
  mfcc: 'Mel-frequency cepstral coefficients.',
  delta: 'Their local derivative along time.',
  rms: 'The root mean square of each frame.',
  loudness: 'Momentary loudness in LKFS (ITU-R BS.1770-5): 400 ms every 100 ms.',
  f0: 'Fundamental frequency by pYIN: rows f0 in Hz (NaN unvoiced), voiced, probability of being voiced.',
  if: 'Instantaneous frequency in Hz.',
  groupdelay: "Group delay in seconds, from the frame's centre.",
} as const satisfies Record<string, string>;

export const featureKindSchema = z.enum(
  Object.keys(featureKinds) as [keyof typeof featureKinds, ...(keyof typeof featureKinds)[]],
);
export type FeatureKind = z.output<typeof featureKindSchema>;

/** The settings by the names that librosa has for them. */
const settings = {
  sr: z
    .union([z.literal('native'), z.int().min(1000).max(384_000)])
    .default(22_050)
    .meta({
      title: 'Sample rate',
      unit: 'Hz',
      help: 'Resampled to this, as librosa.load does; native keeps the rate of the file.',
    }),
  offset: z.number().min(0).default(0).meta({ title: 'Begin at', unit: 's' }),
  duration: z
    .number()
    .positive()
    .optional()
    .meta({ title: 'Length', unit: 's', help: 'To the end if left out.' }),

  n_fft: z.int().min(2).max(1_048_576).default(2048).meta({ title: 'FFT size', unit: 'samples' }),
  win_length: z
    .int()
    .min(1)
    .optional()
    .meta({ title: 'Window length', unit: 'samples', help: 'The FFT size if left out.' }),
  window: z
    .enum(['hann', 'hamming', 'sine', 'gaussian', 'rectangular'])
    .default('hann')
    .meta({ title: 'Window' }),
  window_symmetry: z.enum(['periodic', 'symmetric']).default('periodic').meta({ title: "Window's symmetry" }),
  gaussian_std: z.number().positive().optional().meta({
    title: 'Standard deviation of the Gaussian window',
    unit: 'samples',
    help: 'A sixth of the window if left out.',
  }),
  center: z
    .boolean()
    .default(true)
    .meta({ title: 'Centred frames', help: 'Frame t is centred on sample t * hop_length.' }),
  pad_mode: z
    .enum(['constant', 'reflect', 'edge'])
    .default('constant')
    .meta({ title: 'Padding of centred frames' }),

  n_mels: z.int().min(1).max(4096).default(128).meta({ title: 'Mel filters' }),
  fmin: z.number().min(0).default(0).meta({ title: 'Lowest frequency', unit: 'Hz' }),
  fmax: z
    .number()
    .positive()
    .optional()
    .meta({ title: 'Highest frequency', unit: 'Hz', help: 'Half the sample rate if left out.' }),
  mel_scale: z.enum(['slaney', 'htk']).default('slaney').meta({ title: 'Mel scale' }),
  norm: z.enum(['slaney', 'none']).default('slaney').meta({ title: 'Height of the mel filters' }),
  power: z.number().positive().max(8).default(2).meta({ title: 'Power of the magnitude that is filtered' }),

  ref: z
    .union([z.literal('max'), z.number().positive()])
    .default(1)
    .meta({ title: 'What is 0 dB' }),
  amin: z.number().positive().optional().meta({
    title: 'Least value',
    help: 'What is below counts as this: 1e-10, of amplitudes 1e-5, if left out.',
  }),
  top_db: z
    .union([z.literal('none'), z.number().min(0)])
    .default(80)
    .meta({ title: 'Range below the maximum', unit: 'dB' }),

  n_mfcc: z.int().min(1).max(4096).default(20).meta({ title: 'Coefficients' }),
  lifter: z.number().min(0).default(0).meta({ title: 'Lifter', help: '0 for none.' }),

  width: z.int().min(3).default(9).meta({ title: 'Frames that a derivative is fitted over', unit: 'frames' }),
  order: z.literal([1, 2]).default(1).meta({ title: 'Order of the derivative' }),
  mode: z.enum(['interp', 'nearest']).default('interp').meta({ title: 'At the ends of a derivative' }),

  frame_length: z.int().min(4).max(1_048_576).default(2048).meta({ title: 'Frame', unit: 'samples' }),
  method: z
    .enum(['reassignment', 'phase-difference'])
    .default('reassignment')
    .meta({ title: 'How it is found' }),
};

/** Of the one transform or of many: librosa's default for the hop differs. */
const quarterHop = z.int().min(1).max(1_048_576).optional().meta({
  title: 'Hop',
  unit: 'samples',
  help: 'A quarter of the window if left out.',
});
const fixedHop = z.int().min(1).max(1_048_576).default(512).meta({ title: 'Hop', unit: 'samples' });

const { sr, offset, duration } = settings;
const signal = { sr, offset, duration };
const { n_fft, win_length, window, window_symmetry, gaussian_std, center, pad_mode } = settings;
const frames = { n_fft, win_length, window, window_symmetry, gaussian_std, center, pad_mode };
const { n_mels, fmin, fmax, mel_scale, norm, power } = settings;
const mel = { n_mels, fmin, fmax, mel_scale, norm, power };
const { ref, amin, top_db } = settings;
const decibel = { ref, amin, top_db };
const { n_mfcc, lifter, width, order, mode, frame_length, method } = settings;
const spectrum = { ...signal, ...frames, hop_length: quarterHop };
const filtered = { ...signal, ...frames, hop_length: fixedHop, ...mel };
const cepstrum = { ...filtered, ...decibel, n_mfcc, lifter };
const voiceHz = (hz: number, title: string) => z.number().positive().default(hz).meta({ title, unit: 'Hz' });

/** The settings of each kind; what a kind does not use is refused by its name. */
export const featureSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stft'), ...spectrum }),
  z.strictObject({ kind: z.literal('magnitude'), ...spectrum }),
  z.strictObject({ kind: z.literal('phase'), ...spectrum }),
  z.strictObject({ kind: z.literal('power'), ...spectrum }),
  z.strictObject({ kind: z.literal('db'), ...spectrum, ...decibel }),
  z.strictObject({ kind: z.literal('mel'), ...filtered }),
  z.strictObject({ kind: z.literal('logmel'), ...filtered, ...decibel }),
  z.strictObject({ kind: z.literal('mfcc'), ...cepstrum }),
  z.strictObject({ kind: z.literal('delta'), ...cepstrum, width, order, mode }),
  z.strictObject({ kind: z.literal('rms'), ...signal, frame_length, hop_length: fixedHop, center, pad_mode }),
  z.strictObject({ kind: z.literal('loudness'), ...signal }),
  z.strictObject({
    kind: z.literal('f0'),
    ...signal,
    frame_length,
    hop_length: quarterHop,
    center,
    // C2 and C7: what librosa's own examples give, as it has no default.
    fmin: voiceHz(65.406_391_325_149_66, 'Lowest pitch'),
    fmax: voiceHz(2093.004_522_404_789, 'Highest pitch'),
  }),
  z.strictObject({ kind: z.literal('if'), ...spectrum, method }),
  z.strictObject({ kind: z.literal('groupdelay'), ...spectrum }),
]);
export type FeatureSettings = z.output<typeof featureSettingsSchema>;
export type SettingsOf<Kind extends FeatureKind> = Extract<FeatureSettings, { kind: Kind }>;

/** Whose defaults count where nothing is set. */
export const conventionSchema = z.enum(['librosa', 'torchaudio']);
export type Convention = z.output<typeof conventionSchema>;

/** torchaudio's defaults (transforms of 2.x) where they are others than librosa's; only those that a kind has are taken. */
const torchaudioDefaults: Readonly<Record<string, unknown>> = {
  sr: 'native',
  n_fft: 400,
  hop_length: 200,
  pad_mode: 'reflect',
  mel_scale: 'htk',
  norm: 'none',
  n_mfcc: 40,
  width: 5,
  mode: 'nearest',
};

/** Other words for settings. */
export const settingAliases: Readonly<Record<string, string>> = {
  hop: 'hop_length',
  win: 'win_length',
  sample_rate: 'sr',
};

/** The settings that a kind has. */
export function settingNames(kind: FeatureKind): string[] {
  const shape = featureSettingsSchema.options.find((option) => option.shape.kind.value === kind)?.shape;
  return Object.keys(shape ?? {}).filter((name) => name !== 'kind');
}

/** What is not librosa's own default for a kind under a convention. */
export function conventionDefaults(convention: Convention, kind: FeatureKind): Record<string, unknown> {
  if (convention === 'librosa') return {};
  const names = new Set(settingNames(kind));
  const defaults = Object.entries(torchaudioDefaults).filter(([name]) => names.has(name));
  // torchaudio's AmplitudeToDB has no range below the maximum by itself; within MFCC it is 80 dB.
  if (kind === 'logmel' || kind === 'db') defaults.push(['top_db', 'none']);
  return Object.fromEntries(defaults);
}
