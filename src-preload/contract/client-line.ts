import type { Channel } from './channel.ts';
import { decodeFrame, encodeFrame } from './codec.ts';
import { messageOf, ResynthError } from './errors/error.ts';
import {
  type ClientFrame,
  type HostFrame,
  hostFrameSchema,
  type KnownEvents,
  protocolVersion,
} from './frames.ts';

/** 'connecting' until the first welcome, 'lost' whenever there is no line after that (or there never was one). */
export type ClientState = 'connecting' | 'open' | 'lost';

export interface ClientTiming {
  /** Before the first attempt after a loss, and at most before any; it doubles in between. */
  firstRetryMs: number;
  lastRetryMs: number;
  /** The line is tried this often. */
  pingMs: number;
  /** A host that says nothing for this long is gone. */
  silenceMs: number;
}

export const defaultTiming: ClientTiming = {
  firstRetryMs: 100,
  lastRetryMs: 5000,
  pingMs: 15_000,
  silenceMs: 45_000,
};

export interface ClientLineOptions {
  open(): Promise<Channel>;
  reconnect: boolean;
  retry(error: ResynthError): boolean;
  timing: ClientTiming;
  /** What the client knows, for hello. */
  known(): KnownEvents | null;
  opened(welcome: Extract<HostFrame, { kind: 'welcome' }>): void;
  heard(frame: HostFrame): void;
  /** There is no line now; `final` when none will be made again. */
  lost(error: ResynthError, final: boolean): void;
}

/** The client's line to a host: makes it, says hello, tries it, and makes it again when it is lost. */
export class ClientLine {
  readonly #options: ClientLineOptions;
  #channel: Channel | undefined;
  #welcomed = false;
  #closed = false;
  #retryMs: number;
  #heardMs = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setInterval> | undefined;

  constructor(options: ClientLineOptions) {
    this.#options = options;
    this.#retryMs = options.timing.firstRetryMs;
    void this.#connect();
  }

  /** Sends a frame where there is a line. */
  send(frame: ClientFrame): void {
    this.#channel?.send(encodeFrame(frame));
  }

  /** Ends it for good. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#finish(new ResynthError('contract/connection-lost', { reason }));
  }

  async #connect(): Promise<void> {
    let channel: Channel;
    try {
      channel = await this.#options.open();
    } catch (thrown) {
      this.#lose(
        thrown instanceof ResynthError
          ? thrown
          : new ResynthError('contract/connection-lost', { reason: messageOf(thrown) }, { cause: thrown }),
      );
      return;
    }
    if (this.#closed) {
      channel.close();
      return;
    }
    this.#channel = channel;
    this.#welcomed = false;
    this.#heardMs = Date.now();
    const drop = (reason: string): void => {
      if (this.#channel === channel) this.#lose(new ResynthError('contract/connection-lost', { reason }));
    };
    channel.onClose(drop);
    channel.onFrame((bytes) => {
      if (this.#channel === channel) this.#hear(bytes);
    });
    this.#pingTimer = setInterval(() => {
      if (Date.now() - this.#heardMs > this.#options.timing.silenceMs) drop('the host does not answer');
      else if (this.#welcomed) this.send({ kind: 'ping' });
    }, this.#options.timing.pingMs);
    this.send({ kind: 'hello', protocol: protocolVersion, known: this.#options.known() });
  }

  #hear(bytes: Uint8Array): void {
    this.#heardMs = Date.now();
    let frame: HostFrame;
    try {
      frame = hostFrameSchema.parse(decodeFrame(bytes));
    } catch (thrown) {
      this.#lose(new ResynthError('contract/connection-lost', { reason: messageOf(thrown) }));
      return;
    }
    if (frame.kind === 'refused') this.#finish(ResynthError.from(frame.error));
    else if (frame.kind === 'ping') this.send({ kind: 'pong' });
    else if (frame.kind === 'welcome') {
      this.#welcomed = true;
      this.#retryMs = this.#options.timing.firstRetryMs;
      this.#options.opened(frame);
    } else if (frame.kind !== 'pong') this.#options.heard(frame);
  }

  #lose(error: ResynthError): void {
    if (this.#closed) return;
    if (!this.#options.reconnect || !this.#options.retry(error)) {
      this.#finish(error);
      return;
    }
    this.#release(error.message);
    this.#options.lost(error, false);
    // Not all clients of a host that came back should knock in the same moment.
    const waitMs = this.#retryMs * (0.75 + Math.random() / 2);
    this.#retryMs = Math.min(2 * this.#retryMs, this.#options.timing.lastRetryMs);
    this.#retryTimer = setTimeout(() => void this.#connect(), waitMs);
  }

  #finish(error: ResynthError): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#release(error.message);
    this.#options.lost(error, true);
  }

  #release(reason: string): void {
    const channel = this.#channel;
    this.#channel = undefined;
    clearInterval(this.#pingTimer);
    channel?.close(reason);
  }
}
