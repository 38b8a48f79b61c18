import type { Channel } from '../channel.ts';
import { maximumFrameBytes } from '../channel.ts';
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
  addEventListener(type: 'error', listener: (event: unknown) => void): void;
}

const openState = 1;
const normalClosure = 1000;
const unsupportedData = 1003;
const messageTooBig = 1009;
/** A closing handshake has room for 123 bytes of UTF-8. */
const reasonCharacters = 40;

/** A WebSocket that is open, as a channel: one binary message a frame. Text messages are refused by closing. */
export function webSocketChannel(socket: WebSocketLike): Channel {
  const inbox = new FrameInbox();
  let closing: string | undefined;
  const refuse = (code: number, reason: string): void => {
    socket.close(code, reason);
    inbox.end(reason);
  };
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    if (!isBuffer(data)) refuse(unsupportedData, 'only binary messages');
    else if (data.byteLength > maximumFrameBytes) refuse(messageTooBig, 'message too large');
    else inbox.push(new Uint8Array(data));
  });
  // Every failure is followed by 'close', which is what counts; in Node an unheard 'error' would end the process.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', ({ code, reason }) =>
    inbox.end(closing ?? (reason || `the connection closed (${code})`)),
  );
  if (socket.readyState > openState) inbox.end('the connection had closed before');
  return {
    send(frame) {
      if (!inbox.ended && socket.readyState === openState) socket.send(frame);
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    onFrame: (listener) => inbox.onFrame(listener),
    onClose: (listener) => inbox.onClose(listener),
    close(reason = 'the other side closed it') {
      closing ??= reason;
      socket.close(normalClosure, reason.slice(0, reasonCharacters));
      // The other side may never answer the handshake.
      inbox.end(reason);
    },
  };
}

/** By its tag: the buffer may come from another realm. */
function isBuffer(data: unknown): data is ArrayBuffer {
  return Object.prototype.toString.call(data) === '[object ArrayBuffer]';
}
