import type { ErrorText } from './catalogue.ts';

/** Texts for comparing what runs draw. */
export const samplerErrors = {
  'samplers/no-labels': {
    message: 'The {split} recordings of {dataset} have fewer than two labels: there is nothing to classify.',
    remedy: 'Choose a dataset whose recordings have labels, with --dataset.',
  },
  'samplers/too-few': {
    message:
      'The dataset {dataset} has {count} training recordings with labels: a classifier needs at least {least}.',
    remedy: 'Choose a larger dataset, with --dataset, or divide it anew: `datasets split`.',
  },
  'samplers/no-test': {
    message: 'The dataset {dataset} has no test or validation recordings whose labels were trained on.',
    remedy: 'Divide it anew: `datasets split`.',
  },
  'samplers/label-unknown': {
    message: 'The run {run} cannot be asked for the label {label}: it was trained with {known}.',
    remedy:
      'Ask for one of these, or for none. A code prior is trained with the labels of its recordings, unless byLabel=false.',
  },
  'samplers/out-format': {
    message: 'The file {file} ends neither in .csv nor in .json.',
    remedy: 'Give it one of these endings.',
  },
  'samplers/judge-died': {
    message: 'The process that classifies ended before it was done: {how}.',
    remedy: 'Try again; if it happens again, `doctor` says whether the engine works here.',
  },
} as const satisfies Record<string, ErrorText>;
