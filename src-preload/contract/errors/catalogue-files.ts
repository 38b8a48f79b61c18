import type { ErrorText } from './catalogue.ts';

/** Texts for writing files of any kind; an area has its own only where something else is to be done about it. */
export const fileErrors = {
  'files/disk-full': {
    message: 'The disk is full: {file} could not be written.',
    remedy:
      'Free some space on that disk, or write elsewhere: --home DIR for the data folder, --out DIR for results. What was there before is untouched.',
  },
  'files/not-writable': {
    message: '{file} could not be written: {detail}.',
    remedy:
      'Check that its disk is connected and that its folder may be written to, or write elsewhere: --home DIR for the data folder, --out DIR for results.',
  },
  'files/home-not-a-folder': {
    message: 'The data folder {folder} cannot be used: {obstacle} is a file, not a folder.',
    remedy: 'Give a folder, which is made if it is not there: --home DIR, or the variable RESYNTH_HOME.',
  },
  'files/exists': {
    message: 'The file {file} is there already, and is not replaced.',
    remedy: 'Choose another name or folder, or move the file away.',
  },
  'files/npy-unreadable': {
    message: 'The NumPy file {file} cannot be read: {detail}.',
    remedy: 'Save it with numpy.save as float32 in C order, of the shape that the index beside it gives.',
  },
  'files/archive-corrupt': {
    message: '{file} cannot be unpacked: {detail}',
    remedy:
      'Delete it and get it anew; what Resynth downloads by itself is downloaded again at the next start.',
  },
} as const satisfies Record<string, ErrorText>;
