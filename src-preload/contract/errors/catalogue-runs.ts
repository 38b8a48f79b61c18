import type { ErrorText } from './catalogue.ts';

/** Texts for runs. */
export const runErrors = {} as const satisfies Record<string, ErrorText>;
