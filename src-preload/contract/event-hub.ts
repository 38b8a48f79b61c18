import { encodeFrame } from './codec.ts';
import { ResynthError } from './errors/error.ts';
import type { EventDefinition } from './event.ts';
import type { HostFrame } from './frames.ts';
import { faultWords } from './schema-words.ts';
import type { z } from 'zod';

/** One event as the hub keeps it. */
export interface NumberedEvent {
  /** 1 for the first event of this hub, then one more each. */
  seq: number;
  name: string;
  payload: unknown;
  /** The event as a frame, made once for all clients. */
  frame: Uint8Array<ArrayBuffer>;
  /** Only the latest event of a key matters; null where each one does. */
  key: string | null;
}

export interface EventHubOptions {
  /** Names the process; a new one each time by default. */
  instance?: string;
  /** Events that are remembered for clients that were away, at most so many and so large together. */
  rememberedEvents?: number;
  rememberedBytes?: number;
}

/**
 * The events of one host process, numbered: the last ones are remembered, so that a client that was away or slow gets
 * exactly those that it has not had.
 */
export class EventHub {
  /** Changes with every host process: numbers of another instance mean nothing here. */
  readonly instance: string;
  readonly #rememberedEvents: number;
  readonly #rememberedBytes: number;
  /** The remembered ones, oldest first, without a gap. */
  #events: NumberedEvent[] = [];
  #bytes = 0;
  #seq = 0;
  readonly #latestOfKey = new Map<string, number>();
  readonly #listeners = new Set<(event: NumberedEvent) => void>();

  constructor(options: EventHubOptions = {}) {
    this.instance = options.instance ?? crypto.randomUUID();
    this.#rememberedEvents = options.rememberedEvents ?? 2000;
    this.#rememberedBytes = options.rememberedBytes ?? 8 * 1024 * 1024;
  }

  /** Number of the last event; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Tells an event to everyone, and gives its number. The payload is copied at once: it may change afterwards.
   *
   * @throws ResynthError contract/bad-event, when the payload is not what the event's schema says.
   */
  publish<E extends EventDefinition>(event: E, payload: z.input<E['payload']>): number {
    const parsed = event.payload.safeParse(payload);
    if (!parsed.success) {
      const detail = faultWords(parsed.error);
      throw new ResynthError('contract/bad-event', { event: event.name, detail }, { cause: parsed.error });
    }
    const seq = this.#seq + 1;
    const ownKey = event.coalesce?.(parsed.data) ?? null;
    const message: HostFrame = { kind: 'event', seq, name: event.name, payload: parsed.data };
    const numbered: NumberedEvent = {
      seq,
      name: event.name,
      payload: parsed.data,
      frame: encodeFrame(message),
      key: ownKey === null ? null : `${event.name}\n${ownKey}`,
    };
    this.#seq = seq;
    this.#remember(numbered);
    for (const listener of [...this.#listeners]) listener(numbered);
    return seq;
  }

  /**
   * Calls `listener` with every event from now on, after those since number `since` (null: none of the earlier ones).
   * `missed` says that some of those are no longer remembered; then none of the earlier ones are told.
   */
  subscribe(
    since: number | null,
    listener: (event: NumberedEvent) => void,
  ): { missed: boolean; unsubscribe(): void } {
    const missed = since !== null && !this.remembers(since);
    if (since !== null && !missed) {
      for (let event = this.after(since); event; event = this.after(event.seq)) listener(event);
    }
    this.#listeners.add(listener);
    return { missed, unsubscribe: () => void this.#listeners.delete(listener) };
  }

  /** Whether everything after number `seq` is still there. */
  remembers(seq: number): boolean {
    const oldest = this.#events[0]?.seq ?? this.#seq + 1;
    return seq <= this.#seq && seq >= oldest - 1;
  }

  /**
   * The first event after number `seq` that no later one has superseded; undefined where there is none yet. Only for a
   * `seq` that is remembered.
   */
  after(seq: number): NumberedEvent | undefined {
    const oldest = this.#events[0]?.seq ?? this.#seq + 1;
    for (let index = seq + 1 - oldest; index < this.#events.length; index++) {
      const event = this.#events[index];
      if (event && (event.key === null || this.#latestOfKey.get(event.key) === event.seq)) return event;
    }
    return undefined;
  }

  #remember(event: NumberedEvent): void {
    this.#events.push(event);
    this.#bytes += event.frame.byteLength;
    if (event.key !== null) this.#latestOfKey.set(event.key, event.seq);
    let forgotten = 0;
    while (
      this.#events.length - forgotten > this.#rememberedEvents ||
      (this.#bytes > this.#rememberedBytes && this.#events.length - forgotten > 1)
    ) {
      const old = this.#events[forgotten++];
      if (!old) break;
      this.#bytes -= old.frame.byteLength;
      if (old.key !== null && this.#latestOfKey.get(old.key) === old.seq) this.#latestOfKey.delete(old.key);
    }
    if (forgotten > 0) this.#events.splice(0, forgotten);
  }
}
