import type { ErrorText } from './catalogue.ts';

/** Texts for what goes wrong between a window, the command line or a script and the host that they talk to. */
export const contractErrors = {
  'contract/connection-lost': {
    message: 'The connection to the host was lost before it answered ({reason}).',
    remedy:
      'What it was doing may be done or not: look before you ask again. Runs go on in processes of their own, and nothing that was saved is lost.',
  },
  'contract/refused': {
    message: 'The host speaks version {theirs} of the protocol, and this client version {ours}.',
    remedy: 'They are of different versions of Resynth: reload the page, or start both from the same one.',
  },
  'contract/unknown-command': {
    message: 'The host knows no command "{command}".',
    remedy:
      'The client is of another version than the host: reload the page, or start both from the same one.',
  },
  'contract/bad-input': {
    message: '{command}: {field} is refused: {reason}.',
    remedy: 'Give a value that is allowed: `npm run resynth -- {command} --help` shows them.',
  },
  'contract/bad-output': {
    message: '"{command}" gave a result that its own contract does not allow: {detail}.',
    remedy: 'This is a fault of Resynth, please report it. What the command did is done and kept.',
  },
  'contract/bad-event': {
    message: 'The event "{event}" is not as its own contract says: {detail}.',
    remedy: 'This is a fault of Resynth, please report it.',
  },
  'contract/too-many-calls': {
    message: 'More than {limit} calls of one client wait for an answer.',
    remedy: 'Wait for the answers to some of them before asking more.',
  },
  'contract/unsendable': {
    message: 'A value cannot be sent to another process: {where} is {kind}.',
    remedy: 'This is a fault of Resynth, please report it.',
  },
  'contract/too-large': {
    message: 'A message of {bytes} bytes is larger than the {limit} that one may have.',
    remedy: 'Ask for less at once: a shorter range, fewer rows.',
  },
  'contract/damaged-frame': {
    message: 'A message from the other side cannot be understood: {detail}.',
    remedy:
      'The line is closed and made anew. If it happens again, the two are of different versions: restart both.',
  },
} as const satisfies Record<string, ErrorText>;
