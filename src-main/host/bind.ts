import type { Command, Handler } from '../../src-preload/contract/command.ts';

/** A command and the way to the code that does it, loaded only when it is called. */
export interface BoundCommand {
  command: Command;
  load(): Promise<Handler<Command>>;
}

/** Ties a handler to its command; the types of the two must agree. */
export function bind<C extends Command>(command: C, load: () => Promise<Handler<C>>): BoundCommand {
  // Only input that this command's schema has accepted reaches the handler, which is what the cast relies on.
  return { command, load: load as unknown as () => Promise<Handler<Command>> };
}
