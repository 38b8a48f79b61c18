import { type MessagePort, parentPort } from 'node:worker_threads';
import { messagePortChannel } from '../../../src-preload/contract/channels/message-port.ts';
import { serveChannel } from '../../../src-preload/contract/server.ts';
import { echoHost } from './echo-host.ts';

// A host in a worker thread: each port that it is given is the line of one client.
const host = echoHost();
parentPort?.on('message', (port: MessagePort) => void serveChannel(messagePortChannel(port), host));
