import type { Channel } from '../../src-preload/contract/channel.ts';
import type { SerialisedError } from '../../src-preload/contract/errors/error.ts';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { onMessage, sendMessage } from './messages.ts';
import { parentChannel } from './parent-channel.ts';

/**
 * The child's side of a pool: tasks come one message each, are done strictly one after the other, and each is answered
 * by one message. That order is what lets the pool name the task that killed a child.
 */

export interface TaskMessage<Task> {
  number: number;
  task: Task;
}

export type ChildMessage<Result> =
  | { kind: 'ready' }
  | { kind: 'done'; number: number; result: Result }
  | { kind: 'failed'; number: number; error: SerialisedError };

/** Serves tasks until the pool lets go of this process. Called once, by a child's entry file. */
export function serveTasks<Task, Result>(perform: (task: Task) => Promise<Result> | Result): void {
  const channel = parentChannel();
  let last = Promise.resolve();
  onMessage(channel, (message) => {
    const { number, task } = message as TaskMessage<Task>;
    last = last.then(async () => {
      await attempt(channel, number, task, perform);
      // The answer must have left before the next task may crash this process, or the wrong one would be blamed.
      await channel.flushed();
    });
  });
  // Without the pool nobody wants the answers: a killed parent leaves no child behind.
  channel.onClose(() => process.exit(0));
  sendMessage(channel, { kind: 'ready' } satisfies ChildMessage<Result>);
}

async function attempt<Task, Result>(
  channel: Channel,
  number: number,
  task: Task,
  perform: (task: Task) => Promise<Result> | Result,
): Promise<void> {
  try {
    const result = await perform(task);
    sendMessage(channel, { kind: 'done', number, result } satisfies ChildMessage<Result>);
  } catch (thrown) {
    const error = asResynthError(thrown).toJSON();
    sendMessage(channel, { kind: 'failed', number, error } satisfies ChildMessage<Result>);
  }
}
