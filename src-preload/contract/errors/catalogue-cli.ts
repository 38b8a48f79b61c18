import type { ErrorText } from './catalogue.ts';

/** Texts for cli. */
export const cliErrors = {} as const satisfies Record<string, ErrorText>;
