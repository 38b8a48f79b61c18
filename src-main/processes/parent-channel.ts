import { Socket } from 'node:net';
import { type StreamChannel, streamChannel } from './stream-channel.ts';

/** Descriptors on which a child hears its parent and speaks to it; `startChild` opens them. */
const hearing = 3;
const speaking = 4;

/**
 * The child's end of the line that `startChild` opens, for the entry file of a child. It closes when the parent lets go of
 * the child or is gone.
 */
export function parentChannel(): StreamChannel {
  return streamChannel({
    input: new Socket({ fd: hearing, readable: true, writable: false }),
    output: new Socket({ fd: speaking, readable: false, writable: true }),
  });
}
