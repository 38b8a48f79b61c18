import type { Command } from '../../src-preload/contract/command.ts';

/** The commands that the help names; those for the window alone are known, and refused by name. */
export function listedCommands(commands: readonly Command[]): Command[] {
  return commands.filter((one) => one.audience !== 'window');
}
