import type { ErrorText } from './catalogue.ts';

/** Texts for listening tests and their results. */
export const listeningTestErrors = {
  'listening-tests/not-found': {
    message: 'There is no listening test "{test}".',
    remedy: 'List those there are with: listening list',
  },
  'listening-tests/ambiguous': {
    message: '"{test}" means more than one listening test: {candidates}.',
    remedy: 'Give more of the id of the one you mean.',
  },
  'listening-tests/design-changed': {
    message:
      'The listening test {test} was begun with another design, so what was heard does not belong to it.',
    remedy: 'Begin a new test; what was kept of this one is unharmed.',
  },
  'listening-tests/not-continued': {
    message: 'The listening test {test} has {kept} answers by now that are not among those that were sent.',
    remedy: 'It went on in another window: open it again there, or reload this page.',
  },
  'listening-tests/over': {
    message: 'The listening test {test} is over, so nothing can be added to it.',
    remedy: 'Begin a new test.',
  },
  'listening-tests/too-many-answers': {
    message: 'The listening test {test} has {trials} trials, and {answers} answers were sent.',
    remedy: 'The number of trials is fixed before a test begins: begin a new one with more.',
  },
  'listening-tests/same-sides': {
    message: 'A listening test needs two things to tell apart, and both were {what}.',
    remedy: 'Choose another run, another step, or the original for one of them.',
  },
  'listening-tests/none-to-export': {
    message: 'No listening test is over yet, so there is nothing to export.',
    remedy: 'Take one to its end in the window, under Listening tests, or name an unfinished one by its id.',
  },
} as const satisfies Record<string, ErrorText>;
