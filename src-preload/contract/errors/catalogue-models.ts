import type { ErrorText } from './catalogue.ts';

/** Texts for models. */
export const modelErrors = {} as const satisfies Record<string, ErrorText>;
