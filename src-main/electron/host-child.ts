import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Channel } from '../../src-preload/contract/channel.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { type HostNews, type HostWish, hostNews } from '../../src-preload/bridge/electron-messages.ts';
import { localAddress } from '../host/connection/local-address.ts';
import { connectLocally } from '../host/connection/local-socket.ts';
import { LastWords, howItEnded } from '../processes/child.ts';
import type { CodePlaces } from './code-places.ts';

export interface HostChildOptions {
  places: CodePlaces;
  /** The data folder; undefined for the usual one. */
  home: string | undefined;
  /** Runs that train now; `ours` where closing the host process may end them. */
  onTraining(news: { runs: number; ours: boolean }): void;
  /** It ended too often, or said that it cannot work: nothing is started again until `connect` is called anew. */
  onFailure(error: { message: string; remedy: string }): void;
  /** The entry, for tests. */
  entry?: string;
  rules?: Partial<RestartRules>;
}

interface RestartRules {
  /** So many ends ... */
  mostEnds: number;
  /** ... within this, and it is not started again. */
  windowMs: number;
  /** How long its good end is waited for. */
  patienceMs: number;
}

const defaultRules: RestartRules = { mostEnds: 3, windowMs: 60_000, patienceMs: 15_000 };

/**
 * The plain Node process behind the window, kept alive: it is started by the first line that is asked for and again when it
 * has ended, but not in circles.
 */
export class HostChild {
  readonly #options: HostChildOptions;
  readonly #rules: RestartRules;
  #child: ChildProcess | undefined;
  /** The data folder, once that process says that there is a host. */
  #ready: Promise<string> | undefined;
  #endsMs: number[] = [];
  #closing = false;

  constructor(options: HostChildOptions) {
    this.#options = options;
    this.#rules = { ...defaultRules, ...options.rules };
  }

  /**
   * A line to the host.
   *
   * @throws ResynthError electron/host-ended, electron/host-keeps-ending; what keeps the host from working.
   */
  async connect(): Promise<Channel> {
    const root = await (this.#ready ??= this.#start());
    return connectLocally(localAddress(root, 'owner'));
  }

  /** Ends it; with `stopTraining` the runs it started are stopped and saved first. Resolves when it is gone. */
  async close({ stopTraining }: { stopTraining: boolean }): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const wish: HostWish = { kind: 'close', stopTraining };
    // Where it no longer listens, the end of the line tells it.
    if (child.connected) child.send(wish, () => undefined);
    const late = setTimeout(() => child.kill('SIGKILL'), this.#rules.patienceMs);
    await ended;
    clearTimeout(late);
  }

  #start(): Promise<string> {
    if (this.#closing) return Promise.reject(new ResynthError('host/closing'));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    // Whoever asks for a line hears of it.
    promise.catch(() => undefined);
    const { node, root } = this.#options.places;
    const { NODE_OPTIONS: _dropped, ELECTRON_RUN_AS_NODE: _unset, ...env } = process.env;
    const child = fork(
      this.#options.entry ?? path.join(root, 'src-main', 'electron', 'host-process.ts'),
      [this.#options.home ?? ''],
      // JSON between them: two engines of different versions do not read each other's structured clones.
      { execPath: node, execArgv: [], cwd: root, env, stdio: ['ignore', 'inherit', 'pipe', 'ipc'] },
    );
    this.#child = child;
    const lastWords = new LastWords(child);
    child.stderr?.pipe(process.stderr, { end: false });
    let failure: { message: string; remedy: string } | undefined;
    child.on('message', (message) => {
      const news = hostNews.safeParse(message);
      if (!news.success) return;
      this.#hear(news.data, resolve);
      if (news.data.kind === 'failed') failure = news.data;
    });
    // A program that could not be started has an 'error' alone; one that was, a 'close'.
    child.once('error', (error) => {
      if (child.pid === undefined) this.#ended(error.message, failure, reject);
    });
    child.once('close', (code, signal) => {
      if (child.pid === undefined) return;
      this.#ended([howItEnded(code, signal), lastWords.line].filter(Boolean).join(': '), failure, reject);
    });
    return promise;
  }

  #hear(news: HostNews, ready: (root: string) => void): void {
    if (news.kind === 'ready') ready(news.root);
    if (news.kind === 'training') this.#options.onTraining({ runs: news.runs, ours: news.ours });
  }

  #ended(
    how: string,
    failure: { message: string; remedy: string } | undefined,
    reject: (error: Error) => void,
  ): void {
    this.#ready = undefined;
    this.#child = undefined;
    this.#options.onTraining({ runs: 0, ours: false });
    if (this.#closing) return reject(new ResynthError('host/closing'));
    const now = performance.now();
    this.#endsMs = [...this.#endsMs.filter((at) => now - at < this.#rules.windowMs), now];
    const seconds = Math.round(this.#rules.windowMs / 1000);
    const tooOften = this.#endsMs.length >= this.#rules.mostEnds;
    const error = tooOften
      ? new ResynthError('electron/host-keeps-ending', { times: this.#endsMs.length, seconds, how })
      : new ResynthError('electron/host-ended', { how: failure?.message ?? how });
    if (failure || tooOften) {
      // The page asks for a line again and again; each would start it in vain.
      this.#ready = Promise.reject(error);
      this.#ready.catch(() => undefined);
      this.#options.onFailure(failure ?? error);
    }
    reject(error);
  }

  /** Lets it be started again after a failure. */
  forgive(): void {
    this.#endsMs = [];
    if (!this.#child) this.#ready = undefined;
  }
}
