import type { ErrorText } from './catalogue.ts';

/** Texts for datasets. */
export const datasetErrors = {} as const satisfies Record<string, ErrorText>;
