import type { ErrorText } from './catalogue.ts';

/** Texts for one's own voice: recordings from the page, the microphone, and recordings of prompts. */
export const voiceErrors = {
  'voice/too-long': {
    message: 'The file {name} is too long to try: {durationSec} s; up to {mostSec} s are taken.',
    remedy: 'Cut a stretch out of it, or add its folder to the library and pick it from there.',
  },
  'voice/nothing-chosen': {
    message: 'There is no recording to reconstruct.',
    remedy: 'Drop a file, record, or choose a recording of a dataset.',
  },
  'voice/begins-after-end': {
    message: 'There is nothing from {fromSec} s on: {name} ends at {wholeSec} s.',
    remedy: 'Begin earlier.',
  },
  'microphone/refused': {
    message: 'The browser does not let this page use the microphone.',
    remedy:
      'Allow it in the address bar of the browser (the sign left of the address), and in the privacy settings of the system, then try again.',
  },
  'microphone/none': {
    message: 'No microphone was found.',
    remedy: 'Connect one, or enable it in the sound settings of the system, then try again.',
  },
  'microphone/busy': {
    message: 'The microphone could not be opened: {detail}.',
    remedy: 'Close other programs that use it, or choose another input, then try again.',
  },
  'microphone/lost': {
    message: 'The microphone {name} is gone: it was unplugged, or the system took it away.',
    remedy: 'Connect it again or choose another input. What was recorded until then is kept.',
  },
  'microphone/not-here': {
    message: 'This page cannot use a microphone here.',
    remedy: 'Open it under the address that `npm start` prints (127.0.0.1), in a current browser.',
  },
  'microphone/dropouts': {
    message: '{missingSec} s of sound were lost while recording: the machine was too busy.',
    remedy: 'Close what else is computing, for example pause the training, and record again.',
  },
  'microphone/nothing-heard': {
    message: 'Nothing was recorded: the microphone gave {durationSec} s of silence.',
    remedy: 'Check that it is not muted, choose another input, and watch that the level meter moves.',
  },
  'recorder/nothing-said': {
    message: 'Nothing above {thresholdDb} dBFS is in {name}: its loudest sound has {loudestDb} dBFS.',
    remedy: 'Speak louder or closer to the microphone, or lower the threshold.',
  },
  'recorder/count-differs': {
    message:
      '{file} holds {found} utterances above {thresholdDb} dBFS; {expected} were expected ({prompts} prompts, {takes} takes). They lie at {where}.',
    remedy:
      'Give the prompts and takes that were said; join what was cut apart with a longer --gap-sec, cut apart what was joined with a shorter one, or set --threshold-db. Nothing was written.',
  },
  'recorder/take-exists': {
    message: 'The take {file} is there already.',
    remedy: 'Record another take, or redo this one: the old one is then put aside.',
  },
  'recorder/speaker-name': {
    message: 'The speaker name {speaker} cannot stand in file names.',
    remedy: 'Use letters, digits and hyphens, for example ana or speaker-2.',
  },
  'recorder/prompt-name': {
    message: 'The prompt {prompt} cannot stand in file names.',
    remedy: 'Use at least one letter or digit.',
  },
  'recorder/prompts-alike': {
    message: 'The prompts {one} and {other} would have the same file names.',
    remedy: 'Give each prompt once; how often it is said is set by the takes.',
  },
} as const satisfies Record<string, ErrorText>;
