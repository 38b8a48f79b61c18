import process from 'node:process';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { onMessage, sendMessage } from '../processes/messages.ts';
import { parentChannel } from '../processes/parent-channel.ts';
import { judge } from './judge.ts';
import type { FromClassifier, JudgeTask } from './protocol.ts';

// A child process for one judgement: whoever wants it no more ends the process.

const channel = parentChannel();

function send(message: FromClassifier): void {
  sendMessage(channel, message);
}

onMessage(channel, (heard) => {
  judge(heard as JudgeTask, (event) => send({ kind: 'progress', event }))
    .then((result) => send({ kind: 'done', result }))
    .catch((thrown: unknown) => send({ kind: 'failed', error: asResynthError(thrown).toJSON() }));
});

channel.onClose(() => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides.
process.on('SIGINT', () => undefined);
