import type { ErrorText } from './catalogue.ts';

/** Texts for codes of datasets in files, and sound from them. */
export const embedErrors = {
  'embed/other-there': {
    message: 'The folder {folder} holds codes of something else: {what}.',
    remedy: 'Name another folder, or delete this one.',
  },
  'embed/no-embedding': {
    message: 'The folder {folder} holds no codes that `embed` wrote: {detail}.',
    remedy: 'Name the folder in which embedding.json and index.jsonl lie.',
  },
  'embed/index-unreadable': {
    message: 'The index {file} cannot be used: {detail}.',
    remedy: 'Mend that line or take it out, or make the index anew: `resynth embed` into the same folder.',
  },
  'embed/recording-unknown': {
    message: '"{recording}" is not among the {count} recordings whose codes are in {folder}.',
    remedy: 'Name it as index.csv does, by its path in the dataset or by its file. {suggestion}',
  },
  'embed/weights-gone': {
    message:
      'The codes in {folder} were made by step {step} of run "{run}", whose weights are not there any more.',
    remedy: 'Encode the dataset again with a checkpoint that is there: `resynth embed`.',
  },
  'embed/code-unfit': {
    message: '{file} {given}, which cannot be decoded.',
    remedy: 'A code is a matrix [vectors, {numbers}] of finite numbers, as `embed` wrote it.',
  },
} as const satisfies Record<string, ErrorText>;
