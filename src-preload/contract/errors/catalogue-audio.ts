import type { ErrorText } from './catalogue.ts';

/** Texts for audio. */
export const audioErrors = {} as const satisfies Record<string, ErrorText>;
