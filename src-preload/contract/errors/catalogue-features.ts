import type { ErrorText } from './catalogue.ts';

/** Texts for computing features of a recording. */
export const featureErrors = {
  'features/unknown-setting': {
    message: 'The kind {kind} has no setting {setting}.',
    remedy: '{suggestion}Its settings are: {settings}.',
  },
  'features/bad-setting': {
    message: '{setting} is {value}: {reason}.',
    remedy: 'Set another value with --set {setting}=VALUE.',
  },
  'features/too-short': {
    message: 'The file {file} is too short for these settings: {reason}',
    remedy: 'Choose shorter frames (n_fft, frame_length, width), center=true or pad_mode=constant.',
  },
} as const satisfies Record<string, ErrorText>;
