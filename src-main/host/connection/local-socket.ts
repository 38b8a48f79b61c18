import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Channel } from '../../../src-preload/contract/channel.ts';
import { streamChannel } from '../../processes/stream-channel.ts';

/** A local socket that is listened on. */
export interface LocalListener {
  /** Takes no more lines; those that are open go on until they are closed. */
  close(): Promise<void>;
}

const onlyTheUser = 0o177;

/**
 * Listens on a local address for lines of other processes of this user. A socket that a killed process left there is
 * removed: the caller holds the lock that says that nobody else listens.
 */
export async function listenLocally(
  address: string,
  onChannel: (channel: Channel) => void,
): Promise<LocalListener> {
  const isFile = process.platform !== 'win32';
  if (isFile) rmSync(address, { force: true });
  const server = createServer((socket) => onChannel(streamChannel(quietly(socket))));
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
  });
  // The file is made inside this call: never for a moment may another user connect.
  const mask = isFile ? process.umask(onlyTheUser) : 0;
  try {
    server.listen(address);
  } finally {
    if (isFile) process.umask(mask);
  }
  await listening;
  if (isFile) chmodSync(address, 0o600);
  return { close: () => closed(server) };
}

/** Opens a line to whoever listens on `address`. Rejects with the system's error where nobody does. */
export function connectLocally(address: string): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(streamChannel(quietly(socket)));
    });
  });
}

/** A failure of a line is followed by its 'close', which is what counts. */
function quietly(socket: Socket): Socket {
  return socket.on('error', () => socket.destroy());
}

function closed(server: Server): Promise<void> {
  // Its callback waits for every line to end, which is up to those who hold them.
  server.close();
  return Promise.resolve();
}
