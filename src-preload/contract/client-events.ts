import type { EventDefinition } from './event.ts';
import { ResynthError } from './errors/error.ts';
import type { HostFrame, KnownEvents } from './frames.ts';
import { faultWords } from './schema-words.ts';

/** Events are acknowledged after so many, and after so long, whichever is first. */
const acknowledgeEvery = 64;
const acknowledgeMs = 50;

interface Listening {
  event: EventDefinition;
  listener(payload: unknown): void;
}

/** The events that a client hears: in order, each once, whatever happens to the line. */
export class ClientEvents {
  readonly #acknowledge: (seq: number) => void;
  readonly #listening = new Map<string, Set<Listening>>();
  readonly #resyncListeners = new Set<() => void>();
  #known: KnownEvents | null = null;
  #unacknowledged = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(acknowledge: (seq: number) => void) {
    this.#acknowledge = acknowledge;
  }

  /** Host process, and number of the last event heard of it; null before the first welcome. */
  get known(): KnownEvents | null {
    return this.#known;
  }

  on(event: EventDefinition, listener: (payload: unknown) => void): () => void {
    const listening: Listening = { event, listener };
    const all = this.#listening.get(event.name) ?? new Set();
    this.#listening.set(event.name, all.add(listening));
    return () => void all.delete(listening);
  }

  onResync(listener: () => void): () => void {
    this.#resyncListeners.add(listener);
    return () => void this.#resyncListeners.delete(listener);
  }

  welcome({ instance, seq, resync }: Extract<HostFrame, { kind: 'welcome' }>): void {
    this.#unacknowledged = 0;
    if (this.#known === null || resync) this.#known = { instance, seq };
    if (resync) this.#tellResync();
  }

  resync(seq: number): void {
    if (!this.#known) return;
    this.#known = { ...this.#known, seq };
    this.#count();
    this.#tellResync();
  }

  hear({ seq, name, payload }: Extract<HostFrame, { kind: 'event' }>): void {
    if (!this.#known || seq <= this.#known.seq) return;
    this.#known = { ...this.#known, seq };
    this.#count();
    for (const { event, listener } of [...(this.#listening.get(name) ?? [])]) {
      const parsed = event.payload.safeParse(payload);
      if (parsed.success) alone(() => listener(parsed.data));
      else {
        alone(() => {
          throw new ResynthError('contract/bad-event', { event: name, detail: faultWords(parsed.error) });
        });
      }
    }
  }

  #tellResync(): void {
    for (const listener of [...this.#resyncListeners]) alone(listener);
  }

  #count(): void {
    this.#unacknowledged++;
    if (this.#unacknowledged >= acknowledgeEvery) this.#acknowledgeNow();
    else this.#timer ??= setTimeout(() => this.#acknowledgeNow(), acknowledgeMs);
  }

  #acknowledgeNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unacknowledged = 0;
    if (this.#known) this.#acknowledge(this.#known.seq);
  }
}

/** A listener that throws is an error of its own and keeps the event from nobody else. */
function alone(listener: () => void): void {
  try {
    listener();
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
