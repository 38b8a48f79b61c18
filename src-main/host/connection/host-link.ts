import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import type { Channel } from '../../../src-preload/contract/channel.ts';
import { type Client, createClient } from '../../../src-preload/contract/client.ts';
import type { Command, ProgressEvent } from '../../../src-preload/contract/command.ts';
import { asResynthError, messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { shownName } from '../../files/system-errors.ts';
import os from 'node:os';
import type { LockHolder } from '../../processes/lock-file.ts';
import { openDatabase } from '../../store/database/client.ts';
import { type Home, openHome } from '../../store/home.ts';
import type { Host, HostOptions } from '../host.ts';
import { joinChannels } from './join-channels.ts';
import { localAddress } from './local-address.ts';
import { connectLocally, listenLocally, type LocalListener } from './local-socket.ts';
import { type Ownership, tryOwn } from './ownership.ts';

export interface HostLinkOptions extends Omit<HostOptions, 'ownership' | 'home' | 'database'> {
  /** The data folder; undefined for the default one. */
  home: string | undefined;
  /**
   * Takes the data folder over, or finds its new owner, when the one that this process is a client of goes away: for
   * windows and pages, which live long. False for a command, which ends with its answer.
   */
  stays?: boolean;
  /** How long an owner that is starting or ending is waited for. */
  patienceMs?: number;
  /** Told once, when a link that stays can neither own nor reach an owner any more. */
  onLost?: (error: ResynthError) => void;
}

export interface LinkCallOptions {
  signal: AbortSignal;
  progress(event: ProgressEvent): void;
}

/** What this process has of the host of a data folder: the host itself, or a line to the process that is it. */
export interface HostLink {
  readonly home: Home;
  /** The host, where it is this process. */
  readonly host: Host | null;
  /** Carries out a command, whoever the owner is. */
  call<C extends Command>(
    command: C,
    input: z.input<C['input']>,
    options: LinkCallOptions,
  ): Promise<z.output<C['output']>>;
  /**
   * Serves a client of this process: its frames go to the host as they are. When the owner goes away, the channel is
   * closed with the reason, and the next one leads to the new owner.
   */
  attach(channel: Channel): void;
  /** Lets go. Of an owner: ends the host; `stopTraining` stops and saves the runs that it started. */
  close(options?: { stopTraining?: boolean }): Promise<void>;
}

type Role =
  | { kind: 'owner'; host: Host; listener: LocalListener; ownership: Ownership }
  | { kind: 'client'; client: Client };

/** An owner's start opens and may migrate a database; its end waits for what it writes. */
const defaultPatienceMs = 20_000;
const pollMs = 40;

/**
 * Makes this process the owner of a data folder or, where another one is, its client.
 *
 * @throws ResynthError host/home-not-writable; host/owner-silent; host/owned-elsewhere; what `openHost` throws.
 */
export async function openHostLink(options: HostLinkOptions): Promise<HostLink> {
  const link = new Link(options);
  await link.open();
  return link;
}

class Link implements HostLink {
  readonly home: Home;
  readonly #options: HostLinkOptions;
  readonly #address: string;
  #role: Promise<Role>;
  #owned: Host | null = null;
  #closed = false;
  /** Lines of clients of this process that lead to another owner. */
  readonly #joined = new Set<Channel>();

  constructor(options: HostLinkOptions) {
    this.#options = options;
    this.home = openHome(options.home);
    this.#address = localAddress(this.home.root, 'owner');
    this.#role = this.#elect();
    // Whoever asks for it hears of the failure.
    this.#role.catch(() => undefined);
  }

  async open(): Promise<void> {
    await this.#role;
  }

  get host(): Host | null {
    return this.#owned;
  }

  async call<C extends Command>(
    command: C,
    input: z.input<C['input']>,
    options: LinkCallOptions,
  ): Promise<z.output<C['output']>> {
    const role = await this.#role;
    if (role.kind === 'owner') return role.host.call(command, input, options);
    return role.client.call(command, input, options);
  }

  attach(channel: Channel): void {
    this.#joined.add(channel);
    void this.#join(channel).catch((thrown: unknown) => {
      this.#joined.delete(channel);
      channel.close(messageOf(thrown));
    });
  }

  async close({ stopTraining = false }: { stopTraining?: boolean } = {}): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const reason = new ResynthError('host/closing').message;
    const role = await this.#role.catch(() => null);
    if (role?.kind === 'client') role.client.close();
    if (role?.kind === 'owner') {
      // First nobody new, then what is under way, then the place for the next owner.
      await role.listener.close();
      await role.host.close({ stopTraining });
      role.ownership.release();
    }
    for (const channel of this.#joined) channel.close(reason);
  }

  async #join(channel: Channel): Promise<void> {
    const role = await this.#role;
    if (role.kind === 'owner') {
      this.#joined.delete(channel);
      role.host.serve(channel);
      return;
    }
    const line = await connectLocally(this.#address);
    joinChannels(channel, line, () => this.#joined.delete(channel));
  }

  /** Owner or client, whichever can be had first. */
  async #elect(): Promise<Role> {
    const { patienceMs = defaultPatienceMs } = this.#options;
    const deadlineMs = performance.now() + patienceMs;
    for (;;) {
      if (this.#closed) throw new ResynthError('host/closing');
      const attempt = await tryOwn(this.home);
      if ('owned' in attempt) return this.#own(attempt.owned);
      const line = await this.#reach(attempt.holder, performance.now() >= deadlineMs);
      if (line) return this.#follow(line);
      await setTimeout(pollMs);
    }
  }

  async #own(ownership: Ownership): Promise<Role> {
    const { kind, hooks } = this.#options;
    try {
      // Its thread loads while this one loads the rest; a client needs neither.
      const database = openDatabase(this.home);
      database.catch(() => undefined);
      const { openHost } = await import('../host.ts').catch(async (thrown: unknown) => {
        await database.then((opened) => opened.close()).catch(() => undefined);
        throw thrown;
      });
      const host = await openHost({
        home: this.home,
        kind,
        ownership,
        database,
        ...(hooks ? { hooks } : {}),
      });
      try {
        const listener = await listenLocally(this.#address, (channel) => host.serve(channel));
        this.#owned = host;
        return { kind: 'owner', host, listener, ownership };
      } catch (thrown) {
        await host.close({ stopTraining: false });
        throw thrown;
      }
    } catch (thrown) {
      ownership.release();
      throw thrown;
    }
  }

  /** A line to the owner, or null where it does not answer yet. */
  async #reach(holder: LockHolder, isLast: boolean): Promise<Channel | null> {
    if (holder.host !== os.hostname()) {
      throw new ResynthError('host/owned-elsewhere', {
        folder: shownName(this.home.root),
        machine: holder.host,
        pid: holder.pid,
        lock: this.home.lock,
      });
    }
    try {
      return await connectLocally(this.#address);
    } catch (thrown) {
      if (!isLast) return null;
      const detail = messageOf(thrown);
      const folder = shownName(this.home.root);
      throw new ResynthError('host/owner-silent', { folder, pid: holder.pid, detail }, { cause: thrown });
    }
  }

  /** Stays a client as long as the line holds; then, where this process stays, looks for the next owner. */
  #follow(line: Channel): Role {
    const client = createClient({ open: () => Promise.resolve(line), reconnect: false });
    client.onState((state) => {
      if (state !== 'lost' || this.#closed || !this.#options.stays) return;
      this.#role = this.#elect();
      this.#role.catch((thrown: unknown) => {
        if (!this.#closed) this.#options.onLost?.(asResynthError(thrown));
      });
    });
    return { kind: 'client', client };
  }
}
