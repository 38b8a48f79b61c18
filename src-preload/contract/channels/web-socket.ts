import type { Channel } from '../channel.ts';
import { FrameInbox } from './frame-inbox.ts';

/** What a browser's WebSocket and that of the package ws have in common. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
}

const open = 1;
const normalClosure = 1000;

/** A WebSocket that is open, as a channel: one binary message a frame. Text messages are refused by closing. */
export function webSocketChannel(socket: WebSocketLike): Channel {
  const inbox = new FrameInbox();
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) inbox.push(new Uint8Array(data));
    else socket.close(1003, 'only binary messages');
  });
  socket.addEventListener('close', ({ code, reason }) =>
    inbox.end(reason || `the connection closed (${code})`),
  );
  return {
    send: (frame) => {
      if (socket.readyState === open) socket.send(frame);
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    onFrame: (listener) => inbox.onFrame(listener),
    onClose: (listener) => inbox.onClose(listener),
    close: (reason = '') => socket.close(normalClosure, reason.slice(0, 60)),
  };
}
