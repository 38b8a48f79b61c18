import type { z } from 'zod';
import type { Command } from '../../src-preload/contract/command.ts';
import type { HostHandler } from './services.ts';

/** How the job of a long command is shown. */
export interface JobWords<C extends Command = Command> {
  /** What it is, in a few words: 'Index /data/fsdd'. */
  title(input: z.output<C['input']>): string;
  /** Id or name of the dataset or run that it is about, where that is known before it begins. */
  subject?(input: z.output<C['input']>): string;
}

export interface BindOptions<C extends Command = Command> {
  /** Long enough to be watched: a window shows it as a job and may cancel it. */
  job?: JobWords<C>;
  /** It needs nothing of the data folder's owner: the command line does it by itself. */
  standalone?: true;
}

/** A command and the way to the code that does it, loaded only when it is called. */
export interface BoundCommand extends BindOptions {
  command: Command;
  load(): Promise<HostHandler<Command>>;
}

/** Ties a handler to its command; the types of the two must agree. */
export function bind<C extends Command>(
  command: C,
  load: () => Promise<HostHandler<C>>,
  options: BindOptions<C> = {},
): BoundCommand {
  // Only input that this command's schema has accepted reaches the handler, which is what the casts rely on.
  return {
    command,
    load: load as unknown as () => Promise<HostHandler<Command>>,
    ...(options as unknown as BindOptions),
  };
}
