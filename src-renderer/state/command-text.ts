import type { z } from 'zod';
import type { Command } from '../../src-preload/contract/command.ts';
import { commandLine } from '../../src-preload/contract/command-line.ts';
import type { HostInfo } from '../../src-preload/contract/commands/host.ts';

/** The data folder that commands have to be told of; undefined where they find it by themselves. */
let home: string | undefined;

/** Tells which host the window is at, before any screen is shown. */
export function nameDataFolder(info: HostInfo): void {
  home = info.isDefaultHome ? undefined : info.home;
}

/** The line to type in a terminal that does the same to the same data folder. */
export function commandText<C extends Command>(command: C, input: z.input<C['input']>): string {
  return commandLine(command, input, home === undefined ? {} : { home });
}
