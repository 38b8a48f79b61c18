/** What has arrived on a line: kept until somebody listens. */
export class FrameInbox {
  readonly #taken: (bytes: number) => void;
  readonly #waiting: Uint8Array[] = [];
  #frameListener: ((frame: Uint8Array) => void) | undefined;
  #closeListener: ((reason: string) => void) | undefined;
  #endedBecause: string | undefined;
  #toldEnd = false;

  /** `taken` is told of every frame that was handed on, with its length. */
  constructor(taken: (bytes: number) => void = () => undefined) {
    this.#taken = taken;
  }

  get ended(): boolean {
    return this.#endedBecause !== undefined;
  }

  push(frame: Uint8Array): void {
    if (this.ended) return;
    this.#waiting.push(frame);
    this.#handOn();
  }

  end(reason: string): void {
    if (this.ended) return;
    this.#endedBecause = reason;
    this.#tellEnd();
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#frameListener = listener;
    this.#handOn();
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListener = listener;
    this.#tellEnd();
  }

  #handOn(): void {
    const listener = this.#frameListener;
    if (!listener) return;
    for (let frame = this.#waiting.shift(); frame; frame = this.#waiting.shift()) {
      this.#taken(frame.byteLength);
      listener(frame);
    }
  }

  #tellEnd(): void {
    if (this.#endedBecause === undefined || this.#toldEnd || !this.#closeListener) return;
    this.#toldEnd = true;
    this.#closeListener(this.#endedBecause);
  }
}
