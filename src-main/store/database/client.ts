import { Worker } from 'node:worker_threads';
import { messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Home } from '../home.ts';
import type { OpenOptions } from './connection.ts';
import { workerEntry } from './entry.ts';
import type { Answer, Request, ThreadData } from './messages.ts';
import type { AsyncOperations } from './operations.ts';

/**
 * The index of a data folder: every operation of `operations.ts`, asked of the thread that has the database. They are done
 * one after the other in the order of asking. What every one may throw besides its own: ResynthError store/closed,
 * store/thread-ended, store/interrupted-by-damage, store/input-output, files/disk-full.
 */
export interface Database extends AsyncOperations {
  /** What the user has to know of the file: store/restored, store/begun-anew, store/copy-failed. Those from opening come first. */
  readonly notices: readonly ResynthError[];
  /** Tells of each later notice; gives back how to end that. */
  onNotice(listener: (notice: ResynthError) => void): () => void;
  /** Ends what was asked, writes a last copy of the file where one is due, and closes it. */
  close(): Promise<void>;
}

/**
 * Opens the database of a data folder in a thread of its own, and makes it where there is none. Only one process may have
 * it open.
 *
 * @throws ResynthError store/newer-version, store/locked, store/not-openable, store/read-only, store/sqlite-too-old,
 *   store/thread-ended, files/disk-full, files/not-writable.
 */
export async function openDatabase(
  home: Pick<Home, 'database'>,
  options: OpenOptions = {},
): Promise<Database> {
  const thread = new DatabaseThread(home.database, options);
  const names = await thread.opened;
  const operations = Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => thread.call(name, args)]),
  );
  return {
    // The thread's names are those of the operations, and its answers are what they give.
    ...(operations as unknown as AsyncOperations),
    notices: thread.notices,
    onNotice: (listener) => thread.onNotice(listener),
    close: () => thread.close(),
  };
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: ResynthError): void;
}

class DatabaseThread {
  readonly opened: Promise<string[]>;
  readonly notices: ResynthError[] = [];
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(notice: ResynthError) => void>();
  /** Why nothing more can be asked. */
  #over: ResynthError | undefined;
  #count = 0;

  constructor(file: string, options: OpenOptions) {
    const workerData: ThreadData = { file, options };
    this.#worker = new Worker(workerEntry(), { workerData, execArgv: [] });
    let how = 'it was ended';
    this.#worker.on('error', (error) => {
      how = messageOf(error);
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#over ??= new ResynthError('store/thread-ended', { how });
        for (const { reject } of this.#waiting.values()) reject(this.#over);
        this.#waiting.clear();
        resolve();
      });
    });
    this.opened = new Promise((resolve, reject) => {
      this.#worker.on('message', (answer: Answer) => {
        if (answer.kind === 'open') resolve(answer.names);
        else if (answer.kind === 'refused') reject(ResynthError.from(answer.error));
        else this.#take(answer);
      });
      this.#worker.on('exit', () => reject(new ResynthError('store/thread-ended', { how })));
    });
  }

  call(name: string, args: unknown[]): Promise<unknown> {
    if (this.#over) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const id = ++this.#count;
      const request: Request = { kind: 'call', id, name, args };
      this.#worker.postMessage(request);
      this.#waiting.set(id, { resolve, reject });
    });
  }

  onNotice(listener: (notice: ResynthError) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    if (!this.#over) {
      this.#over = new ResynthError('store/closed');
      const request: Request = { kind: 'close' };
      this.#worker.postMessage(request);
    }
    return this.#ended;
  }

  #take(answer: Exclude<Answer, { kind: 'open' | 'refused' }>): void {
    if (answer.kind === 'notice') {
      const notice = ResynthError.from(answer.notice);
      this.notices.push(notice);
      for (const listener of this.#listeners) listener(notice);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === 'result') waiting?.resolve(answer.result);
    else waiting?.reject(ResynthError.from(answer.error));
  }
}
