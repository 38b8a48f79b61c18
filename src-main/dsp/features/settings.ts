import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import {
  conventionDefaults,
  type Convention,
  type FeatureKind,
  type FeatureSettings,
  featureSettingsSchema,
  settingAliases,
  settingNames,
} from '../../../src-preload/contract/features/settings.ts';
import { issueWords } from '../../../src-preload/contract/schema-words.ts';
import { didYouMean } from '../../../src-preload/contract/suggestion.ts';

/**
 * The settings of a kind from words (`n_fft=512`), what is left out by the convention's defaults.
 *
 * @throws ResynthError features/unknown-setting, features/bad-setting, by the setting's name.
 */
export function readSettings(
  kind: FeatureKind,
  words: Readonly<Record<string, string>>,
  convention: Convention = 'librosa',
): FeatureSettings {
  const names = settingNames(kind);
  const values: Record<string, unknown> = conventionDefaults(convention, kind);
  for (const [word, text] of Object.entries(words)) {
    const setting = names.includes(word) ? word : (settingAliases[word] ?? word);
    if (!names.includes(setting)) {
      const known = names.join(', ');
      const suggestion = didYouMean(word, names);
      throw new ResynthError('features/unknown-setting', {
        kind,
        setting: word,
        suggestion,
        settings: known,
      });
    }
    values[setting] = valueOf(text);
  }
  const parsed = featureSettingsSchema.safeParse({ kind, ...values });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const setting = String(issue?.path[0] ?? kind);
  throw badSetting(setting, values[setting], issue ? issueWords(issue) : 'it is refused');
}

/** A word of the command line as what it stands for. */
function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

export function badSetting(setting: string, value: unknown, reason: string): ResynthError {
  return new ResynthError('features/bad-setting', { setting, value: String(value), reason });
}

/**
 * Settings at a rate, checked against each other.
 *
 * @throws ResynthError features/bad-setting where they have no meaning together, by the setting's name.
 */
export function settle(settings: FeatureSettings, sampleRateHz: number): FeatureSettings {
  const made: Record<string, unknown> = { ...settings };
  if ('n_fft' in settings) {
    const { n_fft } = settings;
    const winLength = settings.win_length ?? n_fft;
    if (winLength > n_fft)
      throw badSetting('win_length', winLength, `the window does not fit an FFT (n_fft) of ${n_fft} samples`);
    made.win_length = winLength;
    made.hop_length = settings.hop_length ?? Math.max(1, Math.floor(winLength / 4));
    if (settings.window === 'gaussian') made.gaussian_std = settings.gaussian_std ?? winLength / 6;
    else if (settings.gaussian_std !== undefined)
      throw badSetting(
        'gaussian_std',
        settings.gaussian_std,
        `the window is ${settings.window}, not gaussian`,
      );
  }
  if ('frame_length' in settings)
    made.hop_length = settings.hop_length ?? Math.max(1, Math.floor(settings.frame_length / 4));
  if ('fmin' in settings) settleFrequencies(settings, made, sampleRateHz);
  if ('top_db' in settings) made.amin ??= settings.kind === 'db' ? 1e-5 : 1e-10;
  if ('n_mfcc' in settings && settings.n_mfcc > settings.n_mels)
    throw badSetting(
      'n_mfcc',
      settings.n_mfcc,
      `there are only as many as mel filters (n_mels): ${settings.n_mels}`,
    );
  if ('width' in settings && settings.width % 2 === 0)
    throw badSetting('width', settings.width, 'it must be odd');
  return featureSettingsSchema.parse(made);
}

function settleFrequencies(
  settings: FeatureSettings & { fmin: number; fmax?: number | undefined },
  made: Record<string, unknown>,
  sampleRateHz: number,
): void {
  const nyquistHz = sampleRateHz / 2;
  const fmax = settings.fmax ?? nyquistHz;
  if (fmax > nyquistHz)
    throw badSetting('fmax', fmax, `half the sample rate of ${sampleRateHz} Hz is ${nyquistHz}`);
  if (settings.fmin >= fmax) throw badSetting('fmin', settings.fmin, `it must be below fmax, ${fmax}`);
  made.fmax = fmax;
  if (settings.kind === 'f0' && sampleRateHz / settings.fmin >= settings.frame_length - 1) {
    const { frame_length, fmin } = settings;
    throw badSetting(
      'frame_length',
      frame_length,
      `a period of fmin, ${fmin} Hz at ${sampleRateHz} Hz, does not fit`,
    );
  }
}
