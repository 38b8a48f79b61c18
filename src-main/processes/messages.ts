import type { Channel } from '../../src-preload/contract/channel.ts';
import { decodeFrame, encodeFrame } from '../../src-preload/contract/codec.ts';
import { messageOf } from '../../src-preload/contract/errors/error.ts';

/**
 * Sends one value in the contract's codec: typed arrays, NaN and absent keys arrive as they are.
 *
 * @throws ResynthError contract/unsendable, contract/too-large
 */
export function sendMessage(channel: Channel, message: unknown): void {
  channel.send(encodeFrame(message));
}

/** Hears every value of the other side. What is no frame closes the line: nothing after it could be trusted. */
export function onMessage(channel: Channel, listener: (message: unknown) => void): void {
  channel.onFrame((frame) => {
    let message: unknown;
    try {
      message = decodeFrame(frame);
    } catch (thrown) {
      channel.close(messageOf(thrown));
      return;
    }
    listener(message);
  });
}
