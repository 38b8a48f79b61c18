import type { ErrorText } from './catalogue.ts';

/** Texts for the host: who owns a data folder, its jobs, and what it cannot do. */
export const hostErrors = {
  'host/owned-elsewhere': {
    message: 'The data folder {folder} is in use on the machine {machine} (pid {pid}).',
    remedy:
      'Close Resynth there, or work in another data folder with --home DIR. If that machine went down, delete the file {lock}.',
  },
  'host/owner-silent': {
    message: 'The data folder {folder} is in use by the process {pid}, which does not answer ({detail}).',
    remedy:
      'Wait for it, or end that process: runs go on in processes of their own and nothing that was saved is lost. Then try again.',
  },
  'host/owned': {
    message: 'The data folder {folder} is owned by the process {pid} already.',
    remedy: 'Close that Resynth, or work in another data folder with --home DIR.',
  },
  'host/home-not-writable': {
    message: 'The data folder {folder} cannot be written to: {detail}.',
    remedy:
      'Give yourself permission to write there, connect its disk, or use another data folder: --home DIR, or the variable RESYNTH_HOME.',
  },
  'host/socket-unsafe': {
    message: 'The folder {folder} for the local socket is not safe to use: {detail}.',
    remedy: 'Delete that folder, or use a data folder with a shorter path: --home DIR.',
  },
  'host/closing': {
    message: 'The host is closing.',
    remedy: 'Start Resynth again. Runs go on in processes of their own, and nothing that was saved is lost.',
  },
  'host/job-unknown': {
    message: 'There is no job {job}.',
    remedy: '`jobs list` shows those there are; a job that ended long ago is no longer listed.',
  },
  'host/setting-invalid': {
    message: 'The preference {key} cannot be kept: {detail}.',
    remedy: 'Give a value that JSON can hold, of at most 1 MB.',
  },
} as const satisfies Record<string, ErrorText>;
