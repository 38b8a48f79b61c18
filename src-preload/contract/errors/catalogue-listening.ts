import type { ErrorText } from './catalogue.ts';

/** Texts for comparing sounds by ear. */
export const listeningErrors = {
  'listening/too-long': {
    message: 'The sound is {durationSec} s long; up to {mostSec} s can be aligned at once.',
    remedy: 'Choose a shorter stretch of it.',
  },
  'listening/not-a-sound': {
    message: 'The {which} sound cannot be aligned: {detail}.',
    remedy: 'Load it again; if it was computed, try another checkpoint.',
  },
  'listening/too-many-tracks': {
    message:
      'There are {count} sounds with {seconds} s in all on the transport already, which is all it holds.',
    remedy: 'Take one of them off, or choose a shorter stretch.',
  },
  'listening/no-audio': {
    message: 'This browser plays no sound here: {detail}.',
    remedy:
      'Check that a sound device is connected and not in use by another program alone, then press play again.',
  },
} as const satisfies Record<string, ErrorText>;
