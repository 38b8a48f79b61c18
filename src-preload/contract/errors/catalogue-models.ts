import type { ErrorText } from './catalogue.ts';

/** Texts for models, presets and their settings. */
export const modelErrors = {
  'models/preset-unknown': {
    message: 'There is no preset "{preset}".',
    remedy: '{suggestion}The presets are: {known}.',
  },
  'models/family-unknown': {
    message: 'There is no model family "{family}".',
    remedy: '{suggestion}The families are: {known}.',
  },
  'models/preset-file': {
    message: 'The preset file {file} is not valid: {detail}',
    remedy: 'Correct the file, or restore it from the project.',
  },
  'models/setting-unknown': {
    message: 'There is no setting "{key}" in preset {preset}.',
    remedy: '{suggestion}The settings are: {known}.',
  },
  'models/setting-ambiguous': {
    message: 'The setting "{key}" exists more than once: {candidates}.',
    remedy: 'Write the one you mean with its prefix.',
  },
  'models/setting-twice': {
    message: 'The setting {key} was given twice: by --{key} and by --set {other}.',
    remedy: 'Keep one of the two.',
  },
  'models/setting-invalid': {
    message: 'The setting {key}={value} is refused: {detail}',
    remedy:
      'Give a value within the range that `models --preset {preset}` shows, for example {key}={example}.',
  },
  'models/config-invalid': {
    message: 'The configuration is refused: {detail}',
    remedy: 'Correct that setting; `models --preset ID` shows a whole configuration that fits together.',
  },
  'models/input-shape': {
    message:
      'These features give clips of {bins} bins by {frames} frames (nFft {nFft}), which no model can read.',
    remedy: 'Choose an even nFft, and a clip of at least one hop.',
  },
  'models/code-range': {
    message: 'The code cannot be quantised: {detail}',
    remedy: 'Use 32, 16, 8, 6 or 4 bits and one range for each latent dimension.',
  },
} as const satisfies Record<string, ErrorText>;
