import { z } from 'zod';
import type { Channel } from '../src-preload/contract/channel.ts';
import { type CallOptions, type Client, createClient } from '../src-preload/contract/client.ts';
import type { Command } from '../src-preload/contract/command.ts';
import { type HostInfo, hostInfo } from '../src-preload/contract/commands/host.ts';
import { hostChanged } from '../src-preload/contract/events/host.ts';
import { type ResynthError, asResynthError } from '../src-preload/contract/errors/error.ts';
import type { EventDefinition } from '../src-preload/contract/event.ts';
import { nameDataFolder } from './state/command-text.ts';

// Compiling schemas needs eval, which the page's content security policy refuses (and reports).
z.config({ jitless: true });

export type ConnectionState = 'connecting' | 'open' | 'lost';

/**
 * The host as the window sees it: the typed client, what the line is doing, and who is at its other end. Everything the
 * window knows comes through here.
 */
export class Host {
  readonly #client: Client;
  #state = $state<ConnectionState>('connecting');
  #error = $state.raw<ResynthError | null>(null);
  #info = $state.raw<HostInfo | null>(null);
  readonly #loaders = new Set<() => void>();

  /** @param open makes one line to the host; called again whenever a line was lost. */
  constructor(open: () => Promise<Channel>) {
    // What arrives was checked by the host; checking it again would cost a page of 1000 rows several milliseconds.
    this.#client = createClient({ open: () => this.#tryToOpen(open), checkOutputs: false });
    this.#client.onState((state) => {
      this.#state = state;
      this.#error = this.#client.error;
    });
    this.#client.on(hostChanged, ({ host }) => this.#know(host));
    this.#client.onResync(() => this.#loadAll());
    this.keepLoaded(async () => {
      this.#know(await this.call(hostInfo, {}));
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Why there is no line, while there is none. */
  get error(): ResynthError | null {
    return this.#error;
  }

  /** This page is at no host and trying again is in vain: a new address is needed. */
  get refused(): boolean {
    return this.#error?.code === 'web/not-accepted';
  }

  /** Null before the first answer: from then on what is on screen is worth keeping while a line is made again. */
  get info(): HostInfo | null {
    return this.#info;
  }

  /**
   * Has the host carry out a command.
   *
   * @throws ResynthError what the command threw; internal/cancelled where `signal` was used; contract/connection-lost.
   */
  call<C extends Command>(
    command: C,
    input: z.input<C['input']>,
    options?: CallOptions,
  ): Promise<z.output<C['output']>> {
    // The one place where proxies of Svelte become plain data: nothing else can cross to another process.
    return this.#client.call(command, $state.snapshot(input) as z.input<C['input']>, options);
  }

  /** Hears an event from now on; gives the way to end that. */
  on<E extends EventDefinition>(event: E, listener: (payload: z.output<E['payload']>) => void): () => void {
    return this.#client.on(event, listener);
  }

  /**
   * Loads now, and again whenever events were missed. What it throws is the loader's own to catch and show, apart from
   * a lost line, after which it is loaded again anyway. Gives the way to end that.
   */
  keepLoaded(load: () => Promise<void>): () => void {
    const loader = (): void => {
      load().catch((error: unknown) => {
        if (this.#state === 'open') console.error(error);
      });
    };
    this.#loaders.add(loader);
    loader();
    return () => void this.#loaders.delete(loader);
  }

  close(): void {
    this.#client.close();
  }

  /** Each try may fail for another reason: a host that is away, and then one that does not know this page. */
  async #tryToOpen(open: () => Promise<Channel>): Promise<Channel> {
    try {
      return await open();
    } catch (error) {
      this.#error = asResynthError(error);
      throw error;
    }
  }

  #know(info: HostInfo): void {
    nameDataFolder(info);
    this.#info = info;
  }

  #loadAll(): void {
    for (const load of [...this.#loaders]) load();
  }
}
