/** Lines for a reader from the output of one command. */
export type Renderer = (output: unknown, columns: number) => string[];

/** Commands with a layout of their own. */
export const renderers: ReadonlyMap<string, Renderer> = new Map<string, Renderer>([]);
