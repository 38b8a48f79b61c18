import { setTimeout } from 'node:timers/promises';
import type { CommandContext } from '../../src-preload/contract/command.ts';
import type { BoundCommand } from '../host/bind.ts';
import type { HostLink } from '../host/connection/host-link.ts';

let link: HostLink | null = null;

/**
 * Has a command done: by the process that owns the data folder where there is one, else by this one, which then owns it
 * until `leave`. What needs no owner is done here at once.
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
  link = await openHostLink({ home: context.homeDir, kind: 'cli' });
  // What a window would show: a database that was restored, a disk that is nearly full.
  for (const { level, message, remedy } of link.host?.services.notices.list() ?? []) {
    if (level !== 'info') context.progress({ stage: '', warning: `${message} ${remedy}` });
  }
  return link.call(bound.command, input, context);
}

/** Others are told of only where they take longer than this. */
const shortWaitMs = 300;

/**
 * Lets go of the data folder. Where other command lines work through this process they are waited for, which `say` is told:
 * their work must not end because this one's was shorter. `signal` ends the wait, and their work.
 */
export async function leave(signal: AbortSignal, say: (text: string) => void): Promise<void> {
  if (!link) return;
  const others = link.host?.settled(signal);
  if (others && (await Promise.race([others, setTimeout(shortWaitMs, 'busy', { ref: false })])) === 'busy') {
    say('Done. Another command works through this process, which ends with it (Ctrl-C ends both).');
    await others;
  }
  await link.close();
}
