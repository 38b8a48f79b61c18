import type { z } from 'zod';
import type { Channel } from '../../src-preload/contract/channel.ts';
import type { Command } from '../../src-preload/contract/command.ts';
import type { HostInfo } from '../../src-preload/contract/commands/host.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { EventHub } from '../../src-preload/contract/event-hub.ts';
import { hostChanged } from '../../src-preload/contract/events/host.ts';
import { type CallContext, type Served, serveChannel } from '../../src-preload/contract/server.ts';
import { AnalystPool } from '../analyst/pool.ts';
import { InferenceProcess } from '../inference/client.ts';
import { type Database, openDatabase } from '../store/database/client.ts';
import type { Home } from '../store/home.ts';
import type { BoundCommand } from './bind.ts';
import { checkedInput, checkedOutput, outlivesItsCaller } from './call.ts';
import { prepareRunDataset } from './datasets/manifest.ts';
import { purgeDatasets } from './datasets/purging.ts';
import { watchDisk } from './disk-watch.ts';
import { boundCommands } from './handlers.ts';
import { hostInfoOf } from './host-info.ts';
import { Jobs } from './jobs.ts';
import { keepMediaLimit } from './media/media-limit.ts';
import { Notices } from './notices.ts';
import { type Ownership, tryOwn } from './connection/ownership.ts';
import { runStoreOf } from './runs/run-store.ts';
import { keptInTrashMs, purgeTrash } from './runs/runs-trash.ts';
import type { Services } from './services.ts';
import { concurrentTrainings } from './settings.ts';
import { Trainers } from './runs/trainers.ts';

/** What surrounds a host: a window tells it where plain Node is, and wants to know when it trains. */
export interface HostHooks {
  /** The Node that runs child processes; this one's own by default, which in Electron will not do. */
  nodePath?: string;
  /** Told how many runs train, whenever that changes: a laptop should not fall asleep meanwhile. */
  trainingChanged?: (running: number) => void;
  /** The trainer's entry; tests give their own. */
  trainerEntry?: string;
}

export interface HostOptions {
  home: Home;
  kind: HostInfo['kind'];
  hooks?: HostHooks;
  /** The right to work in the data folder, where the caller has it already; else it is taken, and given back at the end. */
  ownership?: Ownership;
  /** The database, where its opening has begun already. */
  database?: Promise<Database>;
}

/** The owner of a data folder, with everything that it keeps alive between commands. */
export interface Host {
  readonly home: Home;
  /** Changes with every start. */
  readonly instance: string;
  readonly services: Services;
  /**
   * Carries out a command in this process; input and output are checked as for any client.
   *
   * @throws ResynthError what the command threw; contract/bad-input; internal/cancelled.
   */
  call<C extends Command>(
    command: C,
    input: z.input<C['input']>,
    options: CallContext,
  ): Promise<z.output<C['output']>>;
  /** Serves a client, until its line closes or the host does. */
  serve(channel: Channel): Served;
  /** Waits until nothing that anybody called is under way, or until `signal`. What is called meanwhile is waited for as well. */
  settled(signal: AbortSignal): Promise<void>;
  /** Ends it: jobs are cancelled, children ended. `stopTraining` stops and saves the runs that it started. */
  close(options: { stopTraining: boolean }): Promise<void>;
}

/**
 * Opens a data folder as its owner: the composition root. Whoever may find another owner uses `openHostLink`.
 *
 * @throws ResynthError host/owned, host/home-not-writable; what the database finds (store/...).
 */
export async function openHost(options: HostOptions): Promise<Host> {
  const ownership = options.ownership ?? (await own(options.home));
  try {
    return await OpenHost.open(options, options.ownership ? null : ownership);
  } catch (thrown) {
    if (!options.ownership) ownership.release();
    throw thrown;
  }
}

async function own(home: Home): Promise<Ownership> {
  const attempt = await tryOwn(home);
  if ('owned' in attempt) return attempt.owned;
  throw new ResynthError('host/owned', { folder: home.root, pid: attempt.holder.pid });
}

const byName: ReadonlyMap<string, BoundCommand> = new Map(
  boundCommands.map((bound) => [bound.command.name, bound]),
);

/** Changes of notices are told together. */
const hostChangedSoonMs = 50;
const purgeEveryMs = 6 * 3600 * 1000;

class OpenHost implements Host {
  readonly services: Services;
  readonly #ownership: Ownership | null;
  readonly #served = new Set<Served>();
  readonly #closing = new AbortController();
  readonly #stops: (() => void)[] = [];
  /** Calls under way: the database is not taken from under them. */
  readonly #calls = new Set<Promise<unknown>>();
  #tellTimer: NodeJS.Timeout | undefined;

  static async open(options: HostOptions, ownership: Ownership | null): Promise<OpenHost> {
    const database = await (options.database ?? openDatabase(options.home));
    try {
      return OpenHost.#begin(options, ownership, database);
    } catch (thrown) {
      // Its thread would keep this process alive, and the file from the next start.
      await database.close();
      throw thrown;
    }
  }

  static #begin(options: HostOptions, ownership: Ownership | null, database: Database): OpenHost {
    const { home } = options;
    const host = new OpenHost(options, ownership, database);
    const { notices, trainers } = host.services;
    trainers.start();
    for (const notice of database.notices) host.#showDatabaseNotice(notice);
    host.#stops.push(database.onNotice((notice) => host.#showDatabaseNotice(notice)));
    const purge = (beforeMs: number): void =>
      void Promise.all([purgeTrash(home, beforeMs), purgeDatasets(host.services, beforeMs)]).catch(
        (thrown: unknown) => {
          // Closed in the middle, the rest is for the next time.
          if (!host.#closing.signal.aborted) process.stderr.write(`${String(thrown)}\n`);
        },
      );
    purge(Date.now() - keptInTrashMs);
    const timer = setInterval(() => purge(Date.now() - keptInTrashMs), purgeEveryMs).unref();
    host.#stops.push(
      () => clearInterval(timer),
      // Where the disk runs short, what was deleted makes room first.
      watchDisk(home, notices, () => purge(Date.now())),
      keepMediaLimit({ home, database }),
    );
    return host;
  }

  private constructor(
    { home, kind, hooks = {} }: HostOptions,
    ownership: Ownership | null,
    database: Database,
  ) {
    this.#ownership = ownership;
    const { nodePath } = hooks;
    const hub = new EventHub();
    const notices = new Notices(() => this.#tellSoon());
    this.services = {
      home,
      kind,
      startedMs: Date.now(),
      nodePath,
      database,
      hub,
      jobs: new Jobs({ hub }),
      analysts: new AnalystPool(nodePath === undefined ? {} : { nodePath }),
      inference: new InferenceProcess(nodePath === undefined ? {} : { nodePath }),
      trainers: new Trainers({
        home,
        hub,
        notices,
        store: runStoreOf(database),
        concurrent: () => concurrentTrainings(database),
        prepare: (run) => prepareRunDataset({ home, database }, run),
        nodePath,
        entry: hooks.trainerEntry,
        trainingChanged: hooks.trainingChanged,
      }),
      notices,
    };
  }

  get home(): Home {
    return this.services.home;
  }

  get instance(): string {
    return this.services.hub.instance;
  }

  async call<C extends Command>(
    command: C,
    input: z.input<C['input']>,
    options: CallContext,
  ): Promise<z.output<C['output']>> {
    const output = await this.#carryOut(command.name, checkedInput(command, input), options);
    return checkedOutput(command, output);
  }

  serve(channel: Channel): Served {
    const served: Served = serveChannel(
      endingChannel(channel, () => this.#served.delete(served)),
      {
        find: (name) => byName.get(name)?.command,
        hub: this.services.hub,
        call: (name, input, context) => this.#carryOut(name, input, context),
      },
    );
    this.#served.add(served);
    if (this.#closing.signal.aborted) served.close(new ResynthError('host/closing').message);
    return served;
  }

  async settled(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (this.#calls.size > 0 && !signal.aborted) {
      await Promise.race([Promise.allSettled([...this.#calls]), aborted]);
    }
  }

  async close({ stopTraining }: { stopTraining: boolean }): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const closing = new ResynthError('host/closing');
    this.#closing.abort(closing);
    const { trainers, jobs, analysts, inference, database } = this.services;
    clearTimeout(this.#tellTimer);
    for (const stop of this.#stops) stop();
    jobs.cancelAll();
    // Trainers that are told to stop still have something to tell; clients hear it.
    await trainers.close({ stopTraining });
    for (const served of this.#served) served.close(closing.message);
    await Promise.allSettled([analysts.close(), inference.close()]);
    await Promise.allSettled([...this.#calls]);
    await database.close();
    this.#ownership?.release();
  }

  /** `input` has been through the command's schema. */
  async #carryOut(name: string, input: unknown, context: CallContext): Promise<unknown> {
    const bound = byName.get(name);
    if (!bound) throw new ResynthError('contract/unknown-command', { command: name });
    if (this.#closing.signal.aborted) throw new ResynthError('host/closing');
    const call = this.#do(bound, input as Record<string, unknown>, context);
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  async #do(bound: BoundCommand, input: Record<string, unknown>, caller: CallContext): Promise<unknown> {
    const handler = await bound.load();
    const { services } = this;
    const signal = AbortSignal.any([caller.signal, this.#closing.signal]);
    const work = (context: CallContext): Promise<unknown> =>
      handler(input, { ...context, homeDir: services.home.root, services });
    const { job, command } = bound;
    if (!job) return work({ ...caller, signal });
    const description = {
      command: command.name,
      title: job.title(input),
      subject: job.subject?.(input) ?? null,
    };
    // A window that is loaded again must not end what it began: only somebody's word does.
    return services.jobs.run(description, { ...caller, signal: outlivesItsCaller(signal) }, work);
  }

  /** The database says by itself what it put right, or could not. */
  #showDatabaseNotice(notice: ResynthError): void {
    const level = notice.code === 'store/copy-failed' ? 'warning' : 'error';
    this.services.notices.showError(notice.code, notice, level);
  }

  #tellSoon(): void {
    this.#tellTimer ??= setTimeout(() => {
      this.#tellTimer = undefined;
      if (this.#closing.signal.aborted) return;
      void hostInfoOf(this.services).then((host) => this.services.hub.publish(hostChanged, { host }));
    }, hostChangedSoonMs).unref();
  }
}

/** The channel as it is, whose end is heard here too. */
function endingChannel(channel: Channel, ended: () => void): Channel {
  return {
    send: (frame) => channel.send(frame),
    get bufferedBytes() {
      return channel.bufferedBytes;
    },
    onFrame: (listener) => channel.onFrame(listener),
    onClose: (listener) =>
      channel.onClose((reason) => {
        ended();
        listener(reason);
      }),
    close: (reason) => channel.close(reason),
  };
}
