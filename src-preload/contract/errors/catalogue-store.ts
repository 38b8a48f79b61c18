import type { ErrorText } from './catalogue.ts';

/** Texts for the index (the database of a data folder) and the lists that runs train on. */
export const storeErrors = {
  'store/newer-version': {
    message:
      'The database {file} was made by a newer Resynth: its format is {found}, and this version knows formats up to {known}.',
    remedy:
      'Bring this Resynth up to date, or use another data folder with --home DIR. The database was not touched.',
  },
  'store/sqlite-too-old': {
    message: 'The SQLite inside better-sqlite3 is {version}; {needed} or later is needed.',
    remedy: 'Run `npm ci --ignore-scripts` in the project once more, which installs the right one.',
  },
  'store/locked': {
    message: 'The database {file} is in use by another program.',
    remedy:
      'Close the other Resynth that has this data folder open, or the tool that looks into the database, and try again.',
  },
  'store/not-openable': {
    message: 'The database {file} cannot be opened: {detail}.',
    remedy:
      'Give yourself permission to read and write it and its folder, check that its disk is connected, or use another data folder with --home DIR.',
  },
  'store/read-only': {
    message: 'The database {file} cannot be written: {detail}.',
    remedy:
      'Give yourself permission to write the data folder, check that its disk is not mounted read-only, or use another one with --home DIR.',
  },
  'store/restored': {
    message:
      'The database {file} was damaged ({detail}). It was restored from the copy of {copied}; what was added after that is not in it.',
    remedy:
      'Read datasets that were added or changed since then again. Runs and recordings are not affected. The damaged file is kept as {aside}.',
  },
  'store/begun-anew': {
    message:
      'The database {file} was damaged ({detail}) and there was no good copy to restore: an empty one was begun.',
    remedy:
      'Add the folders of your datasets again; runs are read from their own folders. The damaged file is kept as {aside}.',
  },
  'store/interrupted-by-damage': {
    message: 'The database {file} turned out to be damaged ({detail}) and was put right; this was not done.',
    remedy: 'Do it once more.',
  },
  'store/input-output': {
    message: 'The disk that holds the database {file} does not answer as it should: {detail}.',
    remedy: 'Check that the disk is connected and healthy, then try again. What was saved before is kept.',
  },
  'store/thread-ended': {
    message: 'The thread that keeps the database ended ({how}).',
    remedy: 'What was saved is kept. Try again; if it happens again, start Resynth anew.',
  },
  'store/closed': {
    message: 'The database is closed.',
    remedy: 'Start Resynth again.',
  },
  'store/scan-gone': {
    message: 'This reading of {folder} is no longer known to the database.',
    remedy: 'Begin it again: what had been read is not read twice.',
  },
  'store/scan-under-way': {
    message: 'The folder {folder} is being read already.',
    remedy: 'Wait for that to end, or cancel it.',
  },
  'store/recordings-changed': {
    message: 'The recordings of "{name}" changed while they were being divided into splits.',
    remedy: 'Divide them again.',
  },
  'store/bad-cursor': {
    message: 'The cursor of the page before cannot be read.',
    remedy: 'Begin at the first page, without a cursor.',
  },
  'store/copy-failed': {
    message: 'No safety copy of the database {file} could be made: {detail}',
    remedy: 'Free some space in the data folder. The database itself is in order; the copy is tried again.',
  },
  'store/manifest-missing': {
    message: 'The list of recordings {file} is missing.',
    remedy: 'Start the run again with `runs resume`, which writes it, or read the dataset again.',
  },
  'store/manifest-damaged': {
    message: 'The list of recordings {file} is damaged: {detail}.',
    remedy: 'Delete the file and start the run again with `runs resume`, which writes it anew.',
  },
} as const satisfies Record<string, ErrorText>;
