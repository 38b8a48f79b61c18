import type { Duplex, Readable, Writable } from 'node:stream';
import { FrameInbox } from '../../src-preload/contract/channels/frame-inbox.ts';
import { type Channel, maximumFrameBytes } from '../../src-preload/contract/channel.ts';
import { messageOf } from '../../src-preload/contract/errors/error.ts';
import { FrameSplitter } from './frame-splitter.ts';

/** A line that is one stream each way. */
export interface StreamEnds {
  input: Readable;
  output: Writable;
}

export interface StreamChannel extends Channel {
  /** Nothing more is sent or heard. */
  readonly closed: boolean;
  /** Resolves when the system has all that was sent until now, or will never have it. */
  flushed(): Promise<void>;
}

/** What was sent has this long to leave after `close`, where the other side does not read. */
const closeGraceMs = 5000;

/**
 * Streams of bytes as a channel: each frame after its length as uint32, little-endian. Nothing is read before somebody
 * listens for frames, so a slow listener slows the other side instead of filling memory here.
 *
 * With one stream each way, a failure to write leaves what the other side wrote before it died to be read.
 */
export function streamChannel(
  ends: Duplex | StreamEnds,
  options: { maximumFrameBytes?: number } = {},
): StreamChannel {
  return new OverStreams(
    'input' in ends ? ends : { input: ends, output: ends },
    options.maximumFrameBytes ?? maximumFrameBytes,
  );
}

class OverStreams implements StreamChannel {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #splitter: FrameSplitter;
  readonly #inbox = new FrameInbox();
  readonly #separate: boolean;
  #reading = false;
  #lastWrite = Promise.resolve();

  constructor({ input, output }: StreamEnds, limit: number) {
    this.#input = input;
    this.#output = output;
    this.#separate = (input as unknown) !== output;
    this.#splitter = new FrameSplitter(limit);
    input.on('end', () => this.#end('the other side closed it'));
    input.on('close', () => this.#end('the line closed'));
    input.on('error', (error) => this.#end(error.message));
    // Nothing to do about it: what was to be written is lost, and whether the other side is gone the input tells.
    if (this.#separate) output.on('error', () => undefined);
  }

  get closed(): boolean {
    return this.#inbox.ended;
  }

  get bufferedBytes(): number {
    return this.#output.writableLength;
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.#inbox.ended || !this.#output.writable) return;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, frame.byteLength, true);
    this.#lastWrite = new Promise((resolve) => {
      this.#output.cork();
      this.#output.write(length);
      this.#output.write(frame, () => resolve());
      this.#output.uncork();
    });
  }

  flushed(): Promise<void> {
    return this.#lastWrite;
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#inbox.onFrame(listener);
    if (this.#reading) return;
    this.#reading = true;
    this.#input.on('data', (chunk: Uint8Array) => this.#read(chunk));
  }

  onClose(listener: (reason: string) => void): void {
    this.#inbox.onClose(listener);
  }

  close(reason = 'this side closed it'): void {
    if (this.#inbox.ended && this.#output.destroyed) return;
    this.#inbox.end(reason);
    if (this.#separate) this.#input.destroy();
    const late = setTimeout(() => this.#output.destroy(), closeGraceMs);
    late.unref();
    this.#output.end(() => {
      clearTimeout(late);
      this.#output.destroy();
    });
  }

  #read(chunk: Uint8Array): void {
    if (this.#inbox.ended) return;
    let frames: Uint8Array[];
    try {
      frames = this.#splitter.split(chunk);
    } catch (thrown) {
      this.close(messageOf(thrown));
      return;
    }
    for (const frame of frames) this.#inbox.push(frame);
  }

  #end(reason: string): void {
    this.#inbox.end(reason);
    // The other side has said its last: so have we.
    if (!this.#output.writableEnded) this.#output.end();
  }
}
