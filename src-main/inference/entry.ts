import process from 'node:process';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { onMessage, sendMessage } from '../processes/messages.ts';
import { parentChannel } from '../processes/parent-channel.ts';
import { InferenceService } from './service.ts';
import type { FromChild, ToChild } from './protocol.ts';

// The inference process: a child on plain Node that keeps models loaded and answers one request after the other.

const channel = parentChannel();
const service = new InferenceService();
const cancelled = new Map<number, AbortController>();
let queue: Promise<void> = Promise.resolve();

function send(message: FromChild): void {
  sendMessage(channel, message);
}

onMessage(channel, (heard) => {
  const message = heard as ToChild;
  if (message.kind === 'cancel') {
    cancelled.get(message.id)?.abort();
    return;
  }
  const controller = new AbortController();
  cancelled.set(message.id, controller);
  // One at a time: two models computing side by side would only share the same cores.
  queue = queue.then(async () => {
    const progress = (event: ProgressEvent): void => send({ kind: 'progress', id: message.id, event });
    try {
      const result = await service.answer(message.method, message.params, {
        progress,
        signal: controller.signal,
      });
      send({ kind: 'result', id: message.id, result });
    } catch (thrown) {
      const error = asResynthError(thrown);
      if (error.code === 'internal/unexpected') console.error(thrown);
      send({ kind: 'error', id: message.id, error: error.toJSON() });
    } finally {
      cancelled.delete(message.id);
    }
  });
});

// The parent has gone, or wants this process gone: nothing here is worth keeping.
channel.onClose(() => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides and tells with 'cancel'.
process.on('SIGINT', () => undefined);

send({ kind: 'ready' });
