import type { BoundCommand } from './bind.ts';

/** Every command with the way to its code. Nothing heavy is loaded until a command is called. */
export const boundCommands: readonly BoundCommand[] = [];
