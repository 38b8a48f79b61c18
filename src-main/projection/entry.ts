import process from 'node:process';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { onMessage, sendMessage } from '../processes/messages.ts';
import { parentChannel } from '../processes/parent-channel.ts';
import { perform } from './perform.ts';
import type { FromProjection, ProjectionTask } from './protocol.ts';

// A child process for one projection: whoever wants it no more ends the process, whatever it is at.

const channel = parentChannel();

function send(message: FromProjection): void {
  sendMessage(channel, message);
}

onMessage(channel, (heard) => {
  const task = heard as ProjectionTask;
  perform(task, (progress) => send({ kind: 'progress', progress }))
    .then((result) => send({ kind: 'done', result }))
    .catch((thrown: unknown) => send({ kind: 'failed', error: asResynthError(thrown).toJSON() }));
});

channel.onClose(() => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides.
process.on('SIGINT', () => undefined);
