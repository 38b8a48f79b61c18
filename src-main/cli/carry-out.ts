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
  const { openHostLink } = await import('../host/connection/host-link.ts');
  const link = await openHostLink({ home: context.homeDir, kind: 'cli' });
  // What a window would show: a database that was restored, a disk that is nearly full.
  for (const { level, message, remedy } of link.host?.services.notices.list() ?? []) {
    if (level !== 'info') context.progress({ stage: '', warning: `${message} ${remedy}` });
  }
  try {
    return await link.call(bound.command, input, context);
  } finally {
    await link.close();
  }
}
