import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { localAddress } from '../../../src-main/host/connection/local-address.ts';
import { connectLocally } from '../../../src-main/host/connection/local-socket.ts';
import { type Client, createClient } from '../../../src-preload/contract/client.ts';
import type { FromBench, LoopDelay, Memory } from './host-process.ts';

const entry = path.join(import.meta.dirname, 'host-process.ts');

/** A process that is watched from outside: a host, or one that does nothing. */
export class Watched {
  readonly #child: ChildProcess;

  protected constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** A process that does nothing: what it is late by, the machine is to blame for. */
  static async idle(): Promise<Watched> {
    return new Watched(await start([]));
  }

  async resetLoop(): Promise<void> {
    await this.#ask({ kind: 'reset' });
  }

  /** Lateness of its event loop since the reset. */
  loop(): Promise<LoopDelay> {
    return this.#ask({ kind: 'loop' });
  }

  /** Processor time of all its threads so far, in milliseconds: what it costs whatever else the machine does. */
  cpuMs(): Promise<number> {
    return this.#ask({ kind: 'cpu' });
  }

  /** `collect` has garbage collected first. */
  memory(collect: boolean): Promise<Memory> {
    return this.#ask({ kind: 'memory', collect });
  }

  /** Ends it; a host stops what it trains. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }

  async #ask<Answer>(question: FromBench): Promise<Answer> {
    const answered = once(this.#child, 'message');
    this.#child.send(question);
    const [answer] = (await answered) as [Answer];
    return answer;
  }
}

/** A host of a data folder in a process of its own, and a client of it over the local socket, as a script has it. */
export class AppHost extends Watched {
  readonly client: Client;

  private constructor(child: ChildProcess, client: Client) {
    super(child);
    this.client = client;
  }

  static async open(home: string): Promise<AppHost> {
    const child = await start([home]);
    const address = localAddress(home, 'owner');
    return new AppHost(child, createClient({ open: () => connectLocally(address), reconnect: false }));
  }

  override async stop(): Promise<void> {
    this.client.close();
    await super.stop();
  }
}

async function start(args: string[]): Promise<ChildProcess> {
  const child = fork(entry, args, {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const opened = once(child, 'message');
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The host of the bench ended with ${String(code)}; what it said is above.`);
  });
  await Promise.race([opened, ended]);
  ended.catch(() => undefined);
  return child;
}
