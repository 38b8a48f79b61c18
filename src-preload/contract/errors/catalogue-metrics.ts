import type { ErrorText } from './catalogue.ts';

/** Texts for measuring one sound against another. */
export const metricErrors = {
  'metrics/too-long': {
    message: 'The file {file} is {durationSec} s long; up to {mostSec} s can be measured at once.',
    remedy: 'Cut it into shorter files.',
  },
  'metrics/file-and-folder': {
    message: '{reference} and {degraded} are a file and a folder.',
    remedy: 'Give two files, or two folders whose files have the same names.',
  },
  'metrics/no-pairs': {
    message: 'No file in {degraded} has the name of one in {reference}.',
    remedy: 'Files pair by their names below the folders, whatever their endings: check both.',
  },
} as const satisfies Record<string, ErrorText>;
