import type { Channel } from '../channel.ts';

/** Two ends of one line inside a process: for tests, and for a window that lives beside its host. */
export function memoryChannelPair(): [Channel, Channel] {
  const first = new MemoryChannel();
  const second = new MemoryChannel();
  first.other = second;
  second.other = first;
  return [first, second];
}

class MemoryChannel implements Channel {
  other: MemoryChannel | undefined;
  /** Sent by the other end and not yet heard here. */
  readonly #arrived: Uint8Array[] = [];
  #arrivedBytes = 0;
  #frameListener: ((frame: Uint8Array) => void) | undefined;
  #closeListener: ((reason: string) => void) | undefined;
  #closedBecause: string | undefined;
  #toldClosed = false;
  #delivering = false;

  get bufferedBytes(): number {
    const { other } = this;
    return other ? other.#arrivedBytes : 0;
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    const { other } = this;
    if (this.#closedBecause !== undefined || !other) return;
    // Real transports give bytes of their own, too.
    other.#arrived.push(frame.slice());
    other.#arrivedBytes += frame.byteLength;
    other.#deliver();
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#frameListener = listener;
    this.#deliver();
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListener = listener;
    this.#deliver();
  }

  close(reason = 'this side closed it'): void {
    const { other } = this;
    this.#end(reason);
    if (other) other.#end(reason);
  }

  #end(reason: string): void {
    this.#closedBecause ??= reason;
    this.#deliver();
  }

  /** Later, as from another process: whoever sends never finds itself called back. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    queueMicrotask(() => {
      this.#delivering = false;
      const listener = this.#frameListener;
      const frame = listener && this.#arrived.shift();
      if (frame) {
        this.#arrivedBytes -= frame.byteLength;
        this.#deliver();
        listener(frame);
        return;
      }
      if (this.#closedBecause === undefined || this.#toldClosed || !this.#closeListener) return;
      // A reader that never listened for frames still hears of the end.
      this.#toldClosed = true;
      this.#closeListener(this.#closedBecause);
    });
  }
}
