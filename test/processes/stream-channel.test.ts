import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type StreamChannel, streamChannel } from '../../src-main/processes/stream-channel.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const bytes = (length: number, fill: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(fill);

/** Both ends of a local socket. */
async function socketPair(): Promise<[Socket, Socket]> {
  const address =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\resynth-test-${process.pid}-${Date.now()}`
      : path.join(await temporaryFolder(), 's');
  const server = createServer();
  server.listen(address);
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect(address);
  const [theirs] = await accepted;
  server.close();
  onTestFinished(() => {
    client.destroy();
    theirs.destroy();
  });
  return [client, theirs];
}

function ends(channel: StreamChannel): { frames: Uint8Array[]; closed: Promise<string> } {
  const frames: Uint8Array[] = [];
  const closed = new Promise<string>((resolve) => channel.onClose(resolve));
  channel.onFrame((frame) => frames.push(frame));
  return { frames, closed };
}

describe('streamChannel', () => {
  it('brings whole frames in order, and all of them before the end', async () => {
    const [ours, theirs] = (await socketPair()).map((socket) => streamChannel(socket));
    if (!ours || !theirs) throw new Error('no pair');
    const { frames, closed } = ends(theirs);
    const sent = [bytes(0, 0), bytes(3, 1), bytes(5_000_000, 2), bytes(1, 3)];
    for (const frame of sent) ours.send(frame);
    ours.close();
    expect(await closed).toContain('the other side closed it');
    expect(frames.map((frame) => [frame.length, frame[0]])).toEqual(
      sent.map((frame) => [frame.length, frame[0]]),
    );
    expect([ours.closed, theirs.closed]).toEqual([true, true]);
    ours.send(bytes(1, 9));
    theirs.send(bytes(1, 9));
  });

  it('reads nothing that nobody listens for, and says how much is waiting', async () => {
    const [ours, theirs] = (await socketPair()).map((socket) => streamChannel(socket));
    if (!ours || !theirs) throw new Error('no pair');
    for (let index = 0; index < 20; index++) ours.send(bytes(1_000_000, index));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ours.bufferedBytes).toBeGreaterThan(15_000_000);
    const { frames } = ends(theirs);
    await ours.flushed();
    await expect.poll(() => frames.length).toBe(20);
    expect(ours.bufferedBytes).toBe(0);
  });

  it('hangs up on a frame that is announced as too large', async () => {
    const [ours, theirs] = await socketPair();
    const channel = streamChannel(theirs, { maximumFrameBytes: 1000 });
    const { frames, closed } = ends(channel);
    ours.write(Buffer.from([2, 0, 0, 0, 1, 2]));
    await expect.poll(() => frames.length).toBe(1);
    ours.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    expect(await closed).toContain('4294967295 bytes');
    ours.resume();
    await once(ours, 'close');
  });

  it('survives the other side going away without a word', async () => {
    const [ours, theirs] = await socketPair();
    const channel = streamChannel(theirs);
    const { closed } = ends(channel);
    ours.destroy();
    for (let index = 0; index < 50; index++) channel.send(bytes(100_000, 1));
    await closed;
    channel.send(bytes(1, 1));
    await channel.flushed();
    channel.close();
    channel.close();
  });

  it('goes on reading where it can no longer write', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const channel = streamChannel({ input, output });
    const { frames, closed } = ends(channel);
    output.destroy(new Error('EPIPE'));
    channel.send(bytes(1, 1));
    input.write(Buffer.from([1, 0, 0, 0, 7]));
    input.end();
    expect(await closed).toContain('the other side closed it');
    expect(frames.map((frame) => [...frame])).toEqual([[7]]);
  });

  it('closes though the other side never reads', { timeout: 10_000 }, async () => {
    const [ours, theirs] = await socketPair();
    const channel = streamChannel(ours);
    channel.send(bytes(20_000_000, 1));
    channel.close('enough');
    await once(ours, 'close');
    expect(channel.closed).toBe(true);
    theirs.destroy();
  });
});
