import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type MessagePortMainLike,
  messagePortChannel,
} from '../../../src-preload/contract/channels/message-port.ts';

/** As Electron's main process has them: no EventTarget, and an event around the data. */
class ElectronPort extends EventEmitter implements MessagePortMainLike {
  readonly #port: import('node:worker_threads').MessagePort;

  constructor(port: import('node:worker_threads').MessagePort) {
    super();
    this.#port = port;
    port.on('message', (data) => this.emit('message', { data }));
    port.on('close', () => this.emit('close'));
  }
  postMessage(message: unknown, ...transfer: unknown[]): void {
    expect(transfer).toEqual([]);
    this.#port.postMessage(message);
  }
  start(): void {
    this.#port.start();
  }
  close(): void {
    this.#port.close();
  }
}

const heardBy = (channel: ReturnType<typeof messagePortChannel>): number[][] => {
  const frames: number[][] = [];
  channel.onFrame((frame) => frames.push([...frame]));
  return frames;
};

describe('messagePortChannel', () => {
  it("joins a port of Electron's main process and one of a page", async () => {
    const { port1, port2 } = new MessageChannel();
    const main = messagePortChannel(new ElectronPort(port1));
    const page = messagePortChannel(port2);
    const [atMain, atPage] = [heardBy(main), heardBy(page)];
    main.send(Uint8Array.of(1, 2));
    page.send(Uint8Array.of(3));
    await expect.poll(() => [atMain, atPage]).toEqual([[[3]], [[1, 2]]]);
    const closed = new Promise((resolve) => page.onClose(resolve));
    main.close('good-bye');
    expect(await closed).toBe('good-bye');
    page.send(Uint8Array.of(4));
  });

  it('copies no more than the frame, and leaves it to its sender', async () => {
    const { port1, port2 } = new MessageChannel();
    const sizes: number[] = [];
    port2.on('message', (data: unknown) => {
      if (data instanceof Uint8Array) sizes.push(data.buffer.byteLength);
    });
    const channel = messagePortChannel(port1);
    onTestFinished(() => channel.close());
    const large = new Uint8Array(1_000_000);
    channel.send(large.subarray(0, 10));
    await expect.poll(() => sizes).toEqual([10]);
    expect(large.byteLength).toBe(1_000_000);
  });

  it('counts as waiting what the other side has not taken', async () => {
    const { port1, port2 } = new MessageChannel();
    const ours = messagePortChannel(port1);
    const theirs = messagePortChannel(port2);
    onTestFinished(() => ours.close());
    for (let index = 0; index < 5; index++) ours.send(new Uint8Array(100));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ours.bufferedBytes).toBe(500);
    const frames = heardBy(theirs);
    await expect.poll(() => ours.bufferedBytes).toBe(0);
    expect(frames.length).toBe(5);
  });

  it('closes on what is no frame', async () => {
    const { port1, port2 } = new MessageChannel();
    const channel = messagePortChannel(port1);
    const closed = new Promise((resolve) => channel.onClose(resolve));
    port2.postMessage({ not: 'a frame' });
    expect(await closed).toContain('no frame');
  });
});
