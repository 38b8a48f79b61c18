import { type Channel, maximumFrameBytes } from '../../../src-preload/contract/channel.ts';

/** What waits for a reader at most: two of the longest frames. */
const abandonBytes = 2 * maximumFrameBytes;

/**
 * Makes one line of two: what comes on one goes out on the other as it is, and when one closes so does the other, with
 * its reason. A reader for whom too much waits is given up.
 */
export function joinChannels(first: Channel, second: Channel, ended: () => void): void {
  let isOpen = true;
  const connect = (from: Channel, to: Channel): void => {
    from.onFrame((frame) => {
      to.send(new Uint8Array(frame));
      if (to.bufferedBytes > abandonBytes) from.close('the other side reads too slowly');
    });
    from.onClose((reason) => {
      if (!isOpen) return;
      isOpen = false;
      to.close(reason);
      ended();
    });
  };
  connect(first, second);
  connect(second, first);
}
