import type { ErrorText } from './catalogue.ts';

/** Texts for files that a page gives. */
export const uploadErrors = {
  'uploads/too-large': {
    message:
      'The file {name} is too large to be given by the page: {sizeMb} MB; up to {mostMb} MB are taken.',
    remedy:
      'On the command line there is no limit: `reconstruct` and `import-checkpoint` take files where they are. A long recording can also be cut, or its folder added to the library.',
  },
  'uploads/gone': {
    message: 'The file is not at the host any more: it was thrown away, or the host was started again.',
    remedy: 'Drop the file or record once more.',
  },
  'uploads/broken': {
    message: 'The file {name} did not arrive whole: {detail}.',
    remedy: 'Drop it once more; if it is still being written by another program, wait until that is done.',
  },
} as const satisfies Record<string, ErrorText>;
