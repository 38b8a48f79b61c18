import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { webSocketChannel } from '../../../src-preload/contract/channels/web-socket.ts';

async function pair(): Promise<[WebSocket, WebSocket]> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`);
  await once(client, 'open');
  const [theirs] = await accepted;
  onTestFinished(() => {
    client.terminate();
    theirs.terminate();
  });
  return [client, theirs];
}

describe('webSocketChannel', () => {
  it('closes on a message of text', async () => {
    const [ours, theirs] = await pair();
    const channel = webSocketChannel(theirs);
    const closed = new Promise((resolve) => channel.onClose(resolve));
    channel.onFrame(() => {
      throw new Error('text is no frame');
    });
    ours.send('text');
    expect(await closed).toBe('only binary messages');
    const [code] = (await once(ours, 'close')) as [number];
    expect(code).toBe(1003);
  });

  it('keeps frames for who listens later, and tells why it closed', async () => {
    const [first, second] = await pair();
    const ours = webSocketChannel(first);
    const theirs = webSocketChannel(second);
    ours.send(Uint8Array.of(1));
    ours.send(Uint8Array.of(2));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const frames: number[][] = [];
    theirs.onFrame((frame) => frames.push([...frame]));
    expect(frames).toEqual([[1], [2]]);
    const reasons = [ours, theirs].map(
      (channel) => new Promise((resolve) => channel.onClose((reason) => resolve(reason))),
    );
    ours.close('a reason that is far too long for the closing handshake of a WebSocket: '.repeat(3));
    expect(await reasons[1]).toMatch(/^a reason that is far too long/);
    ours.send(Uint8Array.of(3));
    theirs.send(Uint8Array.of(3));
  });

  it('is closed from the start where the socket is', async () => {
    const [first] = await pair();
    first.terminate();
    await once(first, 'close');
    const channel = webSocketChannel(first);
    expect(await new Promise((resolve) => channel.onClose(resolve))).toContain('closed');
  });
});
