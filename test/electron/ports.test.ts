import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import type { IpcMain, MessageChannelMain } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { servePorts } from '../../src-main/electron/ports.ts';
import { ipcNames } from '../../src-preload/bridge/ipc-names.ts';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { memoryChannelPair } from '../../src-preload/contract/channels/memory.ts';
import { messagePortChannel } from '../../src-preload/contract/channels/message-port.ts';

const id = 'c0ffee00-0000-4000-8000-000000000001';

/** Electron's main process with a page in it, and the host's end of the line. */
function application(connect?: () => Promise<Channel>) {
  const ipcMain = new EventEmitter();
  const lines: Channel[] = [];
  servePorts({
    ipcMain: ipcMain as unknown as IpcMain,
    newChannel: () => new MessageChannel() as unknown as MessageChannelMain,
    connect:
      connect ??
      (() => {
        const [near, far] = memoryChannelPair();
        lines.push(far);
        return Promise.resolve(near);
      }),
  });
  const postMessage = vi.fn();
  const ask = (given: unknown, frame: unknown = { url: 'app://resynth/index.html', parent: null }): void =>
    void ipcMain.emit(ipcNames.port, { senderFrame: frame, sender: { postMessage } }, given);
  /** The page's end of what it was sent. */
  const page = (): Channel => {
    const [, , ports] = postMessage.mock.calls[0] as [string, string, never[]];
    return messagePortChannel(ports[0] as never);
  };
  return { ask, page, postMessage, lines };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('a port', () => {
  test('is sent to the page that asked, with the id that it gave, and never in a transfer list of frames', () => {
    const { ask, postMessage } = application();
    ask(id);
    expect(postMessage).toHaveBeenCalledWith(ipcNames.port, id, [expect.anything()]);
  });

  test('carries frames both ways, and ends with either side', async () => {
    const { ask, page, lines } = application();
    ask(id);
    const channel = page();
    channel.send(new Uint8Array([1, 2]));
    await soon();
    const heard: number[][] = [];
    lines[0]?.onFrame((frame) => heard.push([...frame]));
    lines[0]?.send(new Uint8Array([3]));
    const answers: number[][] = [];
    channel.onFrame((frame) => answers.push([...frame]));
    await soon();
    expect(heard).toEqual([[1, 2]]);
    expect(answers).toEqual([[3]]);
    const reason = new Promise((resolve) => channel.onClose(resolve));
    lines[0]?.close('the host is closing');
    expect(await reason).toBe('the host is closing');
  });

  test('closes with the reason where no host can be had', async () => {
    const { ask, page } = application(() => Promise.reject(new Error('no host today')));
    ask(id);
    expect(await new Promise((resolve) => page().onClose(resolve))).toBe('no host today');
  });

  test.each([
    ['a frame inside the page', { url: 'app://resynth/index.html', parent: {} }],
    ['another page', { url: 'https://evil.example/', parent: null }],
    ['a page that is gone', null],
  ])('is not for %s', (_what, frame) => {
    const { ask, postMessage, lines } = application();
    ask(id, frame);
    expect(postMessage).not.toHaveBeenCalled();
    expect(lines).toHaveLength(0);
  });

  test.each([undefined, '', 7, 'x'.repeat(1000), { id }])('is not for the id %j', (given) => {
    const { ask, postMessage } = application();
    ask(given);
    expect(postMessage).not.toHaveBeenCalled();
  });
});
