const lengthBytes = 4;

/** Puts frames together again from the pieces in which a stream brings them. */
export class FrameSplitter {
  readonly #limit: number;
  #pieces: Uint8Array[] = [];
  #heldBytes = 0;
  /** Length of the frame that is coming; undefined while its length itself is. */
  #frameBytes: number | undefined;

  /** Frames of more than `limit` bytes are refused. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * The frames that this piece completes. Memory is taken as bytes arrive, never for what a length only announces.
   *
   * @throws RangeError for a frame that is announced as larger than the limit
   */
  split(piece: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    this.#pieces.push(piece);
    this.#heldBytes += piece.byteLength;
    for (;;) {
      const wanted = this.#frameBytes ?? lengthBytes;
      if (this.#heldBytes < wanted) return frames;
      const bytes = this.#take(wanted);
      if (this.#frameBytes !== undefined) {
        this.#frameBytes = undefined;
        frames.push(bytes);
        continue;
      }
      const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getUint32(0, true);
      if (length > this.#limit) {
        throw new RangeError(`a message of ${length} bytes is larger than the ${this.#limit} allowed`);
      }
      this.#frameBytes = length;
    }
  }

  /** The next `count` bytes, which are there: a view of one piece where they lie in it. */
  #take(count: number): Uint8Array {
    this.#heldBytes -= count;
    const [first] = this.#pieces;
    if (first && first.byteLength >= count) {
      if (first.byteLength === count) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(count);
      return first.subarray(0, count);
    }
    const whole = new Uint8Array(count);
    let filled = 0;
    let used = 0;
    for (const piece of this.#pieces) {
      if (filled === count) break;
      const part = piece.subarray(0, count - filled);
      whole.set(part, filled);
      filled += part.byteLength;
      if (part.byteLength < piece.byteLength) this.#pieces[used] = piece.subarray(part.byteLength);
      else used++;
    }
    this.#pieces.splice(0, used);
    return whole;
  }
}
