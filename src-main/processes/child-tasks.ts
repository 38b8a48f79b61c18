import type { SerialisedError } from '../../src-preload/contract/errors/error.ts';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';

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
  let last = Promise.resolve();
  process.on('message', (message) => {
    const { number, task } = message as TaskMessage<Task>;
    last = last.then(async () => {
      const answer = await attempt(number, task, perform);
      // The answer must have left before the next task may crash this process, or the wrong one would be blamed.
      await send(answer);
    });
  });
  // Without the pool nobody wants the answers: a killed parent leaves no child behind.
  process.on('disconnect', () => process.exit(0));
  void send<Result>({ kind: 'ready' });
}

async function attempt<Task, Result>(
  number: number,
  task: Task,
  perform: (task: Task) => Promise<Result> | Result,
): Promise<ChildMessage<Result>> {
  try {
    return { kind: 'done', number, result: await perform(task) };
  } catch (thrown) {
    return { kind: 'failed', number, error: asResynthError(thrown).toJSON() };
  }
}

function send<Result>(message: ChildMessage<Result>): Promise<void> {
  return new Promise((resolve) => {
    // A failure here means that the channel is gone, and then 'disconnect' ends this process.
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
