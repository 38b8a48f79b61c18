import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket, connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { startChild } from '../../../src-main/processes/child.ts';
import { streamChannel } from '../../../src-main/processes/stream-channel.ts';
import { type Channel, maximumFrameBytes } from '../../../src-preload/contract/channel.ts';
import { memoryChannelPair } from '../../../src-preload/contract/channels/memory.ts';
import { messagePortChannel } from '../../../src-preload/contract/channels/message-port.ts';
import { webSocketChannel } from '../../../src-preload/contract/channels/web-socket.ts';
import { type Served, serveChannel } from '../../../src-preload/contract/server.ts';
import { echoHost } from './echo-host.ts';

/** An echo host behind one kind of line. */
export interface Reachable {
  /** A new line to the host. */
  open(): Promise<Channel>;
  /** The host process goes, and another one takes its place: lines are lost. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface Transport {
  name: string;
  /** Whether a lost line to one and the same host can be made again. */
  reopens: boolean;
  start(): Promise<Reachable>;
}

/** A host in this process, behind whatever `listen` sets up for it. */
async function inProcess(
  listen: (
    serve: (channel: Channel) => void,
  ) => Promise<{ open(): Promise<Channel>; close(): Promise<void> }>,
): Promise<Reachable> {
  let host = echoHost();
  const served = new Set<Served>();
  const listening = await listen((channel) => void served.add(serveChannel(channel, host)));
  const hangUp = (): void => {
    for (const one of served) one.close('the host ended');
    served.clear();
  };
  return {
    open: () => listening.open(),
    restart: () => {
      hangUp();
      host = echoHost();
      return Promise.resolve();
    },
    close: () => {
      hangUp();
      return listening.close();
    },
  };
}

function memory(): Promise<Reachable> {
  return inProcess((serve) =>
    Promise.resolve({
      open: () => {
        const [ours, theirs] = memoryChannelPair();
        serve(theirs);
        return Promise.resolve(ours);
      },
      close: () => Promise.resolve(),
    }),
  );
}

function messagePort(): Promise<Reachable> {
  const startWorker = (): Worker => new Worker(path.join(import.meta.dirname, 'echo-worker.ts'));
  let worker = startWorker();
  return Promise.resolve({
    open: () => {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage(port2, [port2]);
      return Promise.resolve(messagePortChannel(port1));
    },
    restart: async () => {
      await worker.terminate();
      worker = startWorker();
    },
    close: async () => void (await worker.terminate()),
  });
}

function webSocket(): Promise<Reachable> {
  return inProcess(async (serve) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: maximumFrameBytes });
    server.on('connection', (socket) => serve(webSocketChannel(socket)));
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    return {
      open: async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${address.port}`);
        await once(socket, 'open');
        return webSocketChannel(socket);
      },
      close: () => {
        for (const socket of server.clients) socket.terminate();
        return new Promise((resolve) => server.close(() => resolve()));
      },
    };
  });
}

function localSocket(): Promise<Reachable> {
  return inProcess(async (serve) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'resynth-socket-'));
    const address =
      process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, 'host');
    const server: Server = createServer((socket) => serve(streamChannel(socket)));
    server.listen(address);
    await once(server, 'listening');
    return {
      open: async () => {
        const socket: Socket = connect(address);
        await once(socket, 'connect');
        return streamChannel(socket);
      },
      close: async () => {
        server.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  });
}

function childPipe(): Promise<Reachable> {
  const children = new Set<ReturnType<typeof startChild>['process']>();
  const endAll = async (): Promise<void> => {
    for (const child of children) {
      children.delete(child);
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
  return Promise.resolve({
    open: () => {
      const { process: child, channel } = startChild({
        entry: path.join(import.meta.dirname, 'echo-child.ts'),
      });
      child.stderr?.pipe(process.stderr);
      children.add(child);
      return Promise.resolve(channel);
    },
    restart: endAll,
    close: endAll,
  });
}

export const transports: readonly Transport[] = [
  { name: 'memory', reopens: true, start: memory },
  { name: 'MessagePort', reopens: true, start: messagePort },
  { name: 'WebSocket', reopens: true, start: webSocket },
  { name: 'local socket', reopens: true, start: localSocket },
  { name: 'child pipe', reopens: false, start: childPipe },
];
