/** What has arrived on a line: kept until somebody listens. */
export class FrameInbox {
  #waiting: Uint8Array[] = [];
  #frameListener: ((frame: Uint8Array) => void) | undefined;
  #closeListener: ((reason: string) => void) | undefined;
  #endedBecause: string | undefined;

  push(frame: Uint8Array): void {
    if (this.#frameListener) this.#frameListener(frame);
    else this.#waiting.push(frame);
  }

  end(reason: string): void {
    if (this.#endedBecause !== undefined) return;
    this.#endedBecause = reason;
    this.#closeListener?.(reason);
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#frameListener = listener;
    for (const frame of this.#waiting.splice(0)) listener(frame);
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListener = listener;
    if (this.#endedBecause !== undefined) listener(this.#endedBecause);
  }
}
