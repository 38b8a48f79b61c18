import type { CommandContext } from '../../src-preload/contract/command.ts';
import type { BoundCommand } from './bind.ts';
import type { HostContext } from './services.ts';

/** Carries out a command that needs no owner of the data folder, in this process. */
export async function carryOutAlone(
  bound: BoundCommand,
  input: Record<string, unknown>,
  context: CommandContext,
): Promise<unknown> {
  if (!bound.standalone) throw new Error(`"${bound.command.name}" needs a host`);
  const handler = await bound.load();
  // A standalone command was bound as one because its handler asks for nothing of the services.
  return handler(input, context as HostContext);
}
