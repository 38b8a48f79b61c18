import { encodeFrame } from './codec.ts';
import type { EventHub } from './event-hub.ts';
import type { HostFrame } from './frames.ts';

export interface EventPumpOptions {
  hub: EventHub;
  /** The client has all up to this one. */
  seq: number;
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** Whether the line takes more now; who says no calls `pump` when it does again. */
  mayWrite(): boolean;
}

/** Events on their way that the client has not acknowledged, at most. */
const windowEvents = 1000;
const windowBytes = 4 * 1024 * 1024;

/**
 * Brings the events of a hub to one client. It keeps no queue: it is a reader of what the hub remembers, at its own pace.
 * So a slow client costs no memory, is spared what later events have superseded, and is told to read everything again when
 * it falls behind what the hub remembers.
 */
export class EventPump {
  readonly #options: EventPumpOptions;
  /** Number of the last event sent. */
  #seq: number;
  readonly #unacknowledged: { seq: number; bytes: number }[] = [];
  #unacknowledgedBytes = 0;
  readonly #unsubscribe: () => void;

  constructor(options: EventPumpOptions) {
    this.#options = options;
    this.#seq = options.seq;
    this.#unsubscribe = options.hub.subscribe(null, () => this.pump()).unsubscribe;
  }

  /** Sends what the client may have now. */
  pump(): void {
    const { hub, mayWrite, send } = this.#options;
    while (this.#hasCredit() && this.#seq < hub.seq && mayWrite()) {
      if (!hub.remembers(this.#seq)) {
        const seq = hub.seq;
        const frame: HostFrame = { kind: 'resync', seq };
        this.#sent(seq, 0);
        send(encodeFrame(frame));
        continue;
      }
      const event = hub.after(this.#seq);
      if (!event) return;
      this.#sent(event.seq, event.frame.byteLength);
      send(event.frame);
    }
  }

  /** The client has dealt with all up to `seq`. */
  acknowledge(seq: number): void {
    for (
      let oldest = this.#unacknowledged[0];
      oldest && oldest.seq <= seq;
      oldest = this.#unacknowledged[0]
    ) {
      this.#unacknowledgedBytes -= oldest.bytes;
      this.#unacknowledged.shift();
    }
    this.pump();
  }

  close(): void {
    this.#unsubscribe();
  }

  #sent(seq: number, bytes: number): void {
    this.#seq = seq;
    this.#unacknowledged.push({ seq, bytes });
    this.#unacknowledgedBytes += bytes;
  }

  #hasCredit(): boolean {
    return this.#unacknowledged.length < windowEvents && this.#unacknowledgedBytes < windowBytes;
  }
}
