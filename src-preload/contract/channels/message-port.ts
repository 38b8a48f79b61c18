import type { Channel } from '../channel.ts';
import { FrameInbox } from './frame-inbox.ts';

/** A browser's MessagePort, or that of Node's worker threads. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** The MessagePort of Electron's main process, which is no EventTarget. */
export interface MessagePortMainLike {
  postMessage(message: unknown): void;
  on(type: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(type: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/**
 * A MessagePort as a channel. Each message is a frame, a number (so many bytes of your frames were taken: ports do not say
 * how much is on its way) or a text (this side closes, and why: not every port tells that by itself).
 *
 * Frames are copied, never transferred: Electron loses a message whose transfer list goes to another process.
 */
export function messagePortChannel(port: MessagePortLike | MessagePortMainLike): Channel {
  let bufferedBytes = 0;
  const inbox = new FrameInbox((bytes) => {
    if (!inbox.ended) port.postMessage(bytes);
  });
  const hear = ({ data }: { data: unknown }): void => {
    if (inbox.ended) return;
    if (typeof data === 'number') bufferedBytes -= data;
    else if (isBytes(data)) inbox.push(data);
    else {
      port.close();
      inbox.end(typeof data === 'string' ? data : 'the other side sent something that is no frame');
    }
  };
  const ended = (): void => inbox.end('the other side is gone');
  if ('addEventListener' in port) {
    port.addEventListener('message', hear);
    port.addEventListener('close', ended);
  } else {
    port.on('message', hear);
    port.on('close', ended);
  }
  port.start();
  return {
    send(frame) {
      if (inbox.ended) return;
      bufferedBytes += frame.byteLength;
      // A copy is made of the whole memory behind a view: of no more than the frame, then.
      port.postMessage(frame.byteLength === frame.buffer.byteLength ? frame : frame.slice());
    },
    get bufferedBytes() {
      return bufferedBytes;
    },
    onFrame: (listener) => inbox.onFrame(listener),
    onClose: (listener) => inbox.onClose(listener),
    close(reason = 'the other side closed it') {
      if (inbox.ended) return;
      port.postMessage(reason);
      port.close();
      inbox.end(reason);
    },
  };
}

/** By its tag: the array may come from another realm. */
function isBytes(data: unknown): data is Uint8Array {
  return Object.prototype.toString.call(data) === '[object Uint8Array]';
}
