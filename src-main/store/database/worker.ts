import { parentPort, workerData } from 'node:worker_threads';
import { asResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Answer, Request, ThreadData } from './messages.ts';
import { Store } from './store.ts';

/** The thread that has the database: opens it, answers one request after the other, closes it. */

const port = parentPort;
if (!port) throw new Error('This file is the entry of a thread: openDatabase starts it.');
const answer = (message: Answer) => port.postMessage(message);

const { file, options } = workerData as ThreadData;
const store = open();

function open(): Store | null {
  try {
    const opened = new Store(file, options, (notice) => answer({ kind: 'notice', notice: notice.toJSON() }));
    answer({ kind: 'open', names: opened.names });
    return opened;
  } catch (thrown) {
    answer({ kind: 'refused', error: asResynthError(thrown).toJSON() });
    return null;
  }
}

if (store) {
  port.on('message', (request: Request) => {
    if (request.kind === 'close') {
      void store.close().finally(() => port.close());
      return;
    }
    const { id, name, args } = request;
    try {
      answer({ kind: 'result', id, result: store.call(name, args) });
    } catch (thrown) {
      answer({ kind: 'error', id, error: asResynthError(thrown).toJSON() });
    }
  });
}
