import type { ErrorText } from './catalogue.ts';

/** Texts for compiled programs: they speak to who writes a model family. */
export const programErrors = {
  'engine/capture-read': {
    message: 'Entry point "{entry}" reads the value of a tensor while it is being compiled.',
    remedy:
      'Compute with tensors throughout: use masks instead of branches, and give values back as outputs.',
  },
  'engine/capture-foreign': {
    message: 'Entry point "{entry}" uses a tensor that was made outside it and is not registered state.',
    remedy: 'Register the tensor with the state registry, or make it inside the entry point.',
  },
  'engine/capture-string': {
    message: 'Entry point "{entry}" makes a tensor of strings, which a compiled program cannot hold.',
    remedy: 'Keep strings outside the program.',
  },
  'engine/capture-random': {
    message:
      'Entry point "{entry}" draws random numbers from {source}; the compiled program would repeat them for ever.',
    remedy: "Draw from the entry point's noise source: noise.normal, noise.uniform or the engine's dropout.",
  },
  'engine/capture-attribute': {
    message: 'Entry point "{entry}" uses an operation whose attribute "{attribute}" cannot be compiled.',
    remedy: 'Use another operation, or run the program in eager mode.',
  },
  'engine/capture-unstable': {
    message:
      'Entry point "{entry}" computes something else each time it is compiled (first difference: {where}).',
    remedy:
      'Nothing that changes between calls (counters, clocks, random numbers) may decide what is computed.',
  },
  'engine/noise-site': {
    message: 'The noise sites "{site}" and "{other}" would draw the same numbers.',
    remedy: 'Give each draw of an entry point a name of its own.',
  },
  'engine/feed-mismatch': {
    message: 'Entry point "{entry}" was fed {given} as "{feed}"; it takes {expected}.',
    remedy: 'Feed values of the declared type and shape.',
  },
  'engine/entry-unknown': {
    message: 'The program has no entry point "{entry}". It has: {known}.',
    remedy: 'Call one of those.',
  },
  'engine/state-mismatch': {
    message: 'Variable "{name}" is {given}, but the model has {expected}.',
    remedy: 'The checkpoint belongs to another model or configuration: use the run that it came from.',
  },
  'engine/scan-length': {
    message: 'A scan was given sequences of {lengths} frames.',
    remedy: 'Give every sequence the same length of at least one frame.',
  },
  'engine/state-name': {
    message: '"{name}" cannot be the name of a state variable.',
    remedy: 'Use letters, digits, and . _ - / after a first letter or digit.',
  },
  'engine/program-disposed': {
    message: 'The program was used after it had been disposed of.',
    remedy: 'Compile it again.',
  },
} as const satisfies Record<string, ErrorText>;
