import type { Channel } from '../channel.ts';
import { FrameInbox } from './frame-inbox.ts';

/** A MessagePort as a channel. Frames are copied: a transfer list across Electron's processes loses the message. */
export function messagePortChannel(port: MessagePort): Channel {
  const inbox = new FrameInbox();
  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data instanceof Uint8Array) inbox.push(data);
  });
  port.addEventListener('close', () => inbox.end('the other side closed it'));
  port.start();
  return {
    send: (frame) => port.postMessage(frame),
    bufferedBytes: 0,
    onFrame: (listener) => inbox.onFrame(listener),
    onClose: (listener) => inbox.onClose(listener),
    close: (reason = 'this side closed it') => {
      port.close();
      inbox.end(reason);
    },
  };
}
