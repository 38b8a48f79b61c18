import type { ErrorText } from './catalogue.ts';

/** Texts for the command line, the inference process and the demo. */
export const cliErrors = {
  'cli/unknown-command': {
    message: 'There is no command "{given}".',
    remedy: '{suggestion}`npm run resynth -- --help` lists the commands.',
  },
  'cli/window-only': {
    message: '"{command}" is for the window alone: its result is nothing that a terminal can show.',
    remedy: 'Open the window with `npm start`; `npm run resynth -- --help` lists the commands.',
  },
  'cli/incomplete-command': {
    message: '"{given}" needs one more word: {choices}.',
    remedy: 'For example `npm run resynth -- {example} --help`.',
  },
  'cli/unknown-flag': {
    message: '"{command}" has no flag {flag}.',
    remedy: '{suggestion}`npm run resynth -- {command} --help` lists the flags.',
  },
  'cli/unknown-first-flag': {
    message: 'There is no flag {flag} that every command takes.',
    remedy: '{suggestion}`npm run resynth -- --help` lists the commands and those flags.',
  },
  'cli/missing-value': {
    message: '{flag} needs a value after it.',
    remedy: 'Write {flag} {example}; a value that begins with two dashes is written {flag}=VALUE.',
  },
  'cli/unwanted-value': {
    message: '{flag} is a switch and takes no value, but "{value}" was given.',
    remedy: 'Write {flag} alone to switch it on, or {negated} to switch it off.',
  },
  'cli/given-twice': {
    message: '{flag} was given twice.',
    remedy: 'Keep one of the two.',
  },
  'cli/bad-value': {
    message: '{name}: "{value}" is refused: {reason}.',
    remedy: '`npm run resynth -- {command} --help` shows the values it takes.',
  },
  'cli/bad-key-value': {
    message: '{flag} takes key=value, but "{value}" has no "=" after a key.',
    remedy: 'Write for example {flag} filters=32,64.',
  },
  'cli/missing-argument': {
    message: '"{command}" needs {name}.',
    remedy: 'Write `npm run resynth -- {usage}`.',
  },
  'cli/extra-argument': {
    message: '"{command}" does not know what to do with "{value}".',
    remedy: 'Write `npm run resynth -- {usage}`. A name with spaces needs quotes.',
  },
  'cli/bad-output': {
    message: '"{command}" gave a result that its own contract does not allow: {detail}',
    remedy: 'This is a fault of Resynth, please report it. What the command did is done and kept.',
  },
  'cli/no-handler': {
    message: '"{command}" is in the contract but this build cannot run it.',
    remedy: 'This is a fault of Resynth, please report it.',
  },
  'inference/child-died': {
    message: 'The inference process ended before it answered ({how}).',
    remedy:
      'Nothing was lost. Try again; if it happens again, `npm run resynth -- doctor` checks the engine, and fewer files at once need less memory.',
  },
  'inference/nothing-heard': {
    message: 'Between the silence at its ends, {name} holds no sound of {samples} samples or more to model.',
    remedy: 'Give a recording that holds speech.',
  },
  'inference/no-capability': {
    message: 'Models of the family "{family}" cannot {capability}.',
    remedy: 'Choose a run of another family; `npm run resynth -- models` lists what each can do.',
  },
  'inference/too-many-stages': {
    message: 'The code of run "{run}" has {all} stages, not {stages}.',
    remedy: 'Ask for 1 to {all}; `runs code` tells what each costs.',
  },
  'inference/output-exists': {
    message: 'The place for results, {folder}, is a file.',
    remedy: 'Give --out another folder.',
  },
  'demo/no-test-clips': {
    message: 'The dataset of the demo, {dataset}, has no recordings with sound to reconstruct.',
    remedy: 'Point --data at a folder with more recordings; a few dozen are enough.',
  },
} as const satisfies Record<string, ErrorText>;
