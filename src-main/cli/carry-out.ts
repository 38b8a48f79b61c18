import type { CommandContext } from '../../src-preload/contract/command.ts';
import type { BoundCommand } from '../host/bind.ts';

/**
 * Has a command done: by the process that owns the data folder where there is one, else by this one, which then owns it
 * for as long as that takes. What needs no owner is done here at once.
 */
export async function carryOutThere(
  bound: BoundCommand,
  input: Record<string, unknown>,
  context: CommandContext,
): Promise<unknown> {
  if (bound.standalone) {
    const { carryOutAlone } = await import('../host/alone.ts');
    return carryOutAlone(bound, input, context);
  }
  const { openHostLink } = await import('../host/host-link.ts');
  const link = await openHostLink({ home: context.homeDir, kind: 'cli' });
  try {
    return await link.call(bound.command, input, context);
  } finally {
    await link.close();
  }
}
