import type { ErrorText } from './catalogue.ts';

/** Texts for engine. */
export const engineErrors = {} as const satisfies Record<string, ErrorText>;
