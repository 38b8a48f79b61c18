import type { ErrorText } from './catalogue.ts';

/** Texts for engine. */
export const engineErrors = {
  'engine/state-duplicate': {
    message: 'Two variables of one program are both named "{name}".',
    remedy: 'Give each registered variable its own name; checkpoints are keyed by it.',
  },
} as const satisfies Record<string, ErrorText>;
