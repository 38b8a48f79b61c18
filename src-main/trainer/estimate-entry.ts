import os from 'node:os';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { asResynthError, type SerialisedError } from '../../src-preload/contract/errors/error.ts';
import { onMessage, sendMessage } from '../processes/messages.ts';
import { parentChannel } from '../processes/parent-channel.ts';
import { type EstimateResult, type EstimateTask, measureTraining } from './estimate.ts';
import { openTrainingProgram } from './sources.ts';

/** What the measuring process tells its parent: how far it is, and at last one of the other two. */
export type FromEstimate =
  | { kind: 'progress'; event: ProgressEvent }
  | { kind: 'result'; result: EstimateResult }
  | { kind: 'error'; error: SerialisedError };

// The process that measures what training would cost: plain Node, one task, then it ends. Its parent cancels by ending it.
const channel = parentChannel();
const send = (message: FromEstimate): void => sendMessage(channel, message);
channel.onClose(() => process.exit(0));
process.on('SIGINT', () => undefined);
// Whoever trains at this moment goes first.
os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);

onMessage(channel, (task) => {
  const progress = (event: ProgressEvent): void => send({ kind: 'progress', event });
  void measureTraining(task as EstimateTask, { open: openTrainingProgram }, progress)
    .then(
      (result) => send({ kind: 'result', result }),
      (thrown: unknown) => send({ kind: 'error', error: asResynthError(thrown).toJSON() }),
    )
    .then(() => channel.flushed())
    .then(() => process.exit(0));
});
