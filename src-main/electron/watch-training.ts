import { createClient } from '../../src-preload/contract/client.ts';
import { memoryChannelPair } from '../../src-preload/contract/channels/memory.ts';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { runsList } from '../../src-preload/contract/commands/runs.ts';
import { runChanged, runRemoved } from '../../src-preload/contract/events/runs.ts';

/** States of a run in which a process works for it. */
const trainingStates: ReadonlySet<string> = new Set(['starting', 'running']);

/**
 * Says how many runs train, now and whenever that changes, whoever started them. Returns a function that ends it.
 *
 * @param link where a line to the host is had.
 */
export function watchTraining(
  link: { attach(channel: Channel): void },
  changed: (runs: number) => void,
): () => void {
  const training = new Set<string>();
  let told: number | null = null;
  const client = createClient({
    open: () => {
      const [ours, theirs] = memoryChannelPair();
      link.attach(theirs);
      return Promise.resolve(ours);
    },
  });
  const tell = (): void => {
    if (told === training.size) return;
    told = training.size;
    changed(told);
  };
  const note = ({ run, state }: { run: string; state: string }): void => {
    if (trainingStates.has(state)) training.add(run);
    else training.delete(run);
  };
  const readAll = async (): Promise<void> => {
    const { runs } = await client.call(runsList, {});
    training.clear();
    for (const run of runs) note(run);
    tell();
  };
  // What fails here fails with the line, and is read again with the next one.
  const readAgain = (): void => void readAll().catch(() => undefined);
  client.on(runChanged, ({ run }) => {
    note(run);
    tell();
  });
  client.on(runRemoved, ({ run }) => {
    training.delete(run);
    tell();
  });
  client.onResync(readAgain);
  readAgain();
  return () => client.close();
}
