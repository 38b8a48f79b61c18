/**
 * One line between two processes (or two ends of one), in both directions, of whole binary frames in order. What carries
 * them is all that a channel knows; `codec.ts` says what is in them.
 */
export interface Channel {
  /** Puts a frame on its way. The bytes may not be changed afterwards. After the line has closed: dropped. */
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** Bytes sent and not yet taken by the other side: who watches it does not fill the memory for a slow reader. */
  readonly bufferedBytes: number;
  /** One listener; frames that came before it are kept for it. */
  onFrame(listener: (frame: Uint8Array) => void): void;
  /** Told once, also when the line has closed already. */
  onClose(listener: (reason: string) => void): void;
  /** Closes the line after what was sent before. */
  close(reason?: string): void;
}

/** No frame may be larger: what needs more is asked for by range. */
export const maximumFrameBytes = 256 * 1024 * 1024;
