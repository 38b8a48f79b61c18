import path from 'node:path';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { engineProcessEnvironment } from '../engine/process-environment.ts';
import { type Child, howItEnded, LastWords, startChild } from '../processes/child.ts';
import { onMessage, sendMessage } from '../processes/messages.ts';
import type { FromChild, InferenceMethod, InferenceRequests, ToChild } from './protocol.ts';

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  progress: ((event: ProgressEvent) => void) | undefined;
}

export interface RequestOptions {
  progress?: (event: ProgressEvent) => void;
  signal?: AbortSignal;
}

/** A child that was told to go and does not is ended after this long. */
const EXIT_GRACE_MS = 2000;

/**
 * The inference process: plain Node, models kept loaded, started by the first request. The process of the CLI or the host
 * never loads TensorFlow. A death of the child rejects all that was asked of it (inference/child-died); the next request
 * starts a new one.
 */
export class InferenceProcess {
  readonly #pending = new Map<number, Pending>();
  readonly #entry: string;
  readonly #nodePath: string | undefined;
  #child: Child | undefined;
  #nextId = 1;

  /** `nodePath`: the Node that runs the child; in Electron this must not be its own binary. */
  constructor(options: { entry?: string; nodePath?: string } = {}) {
    this.#nodePath = options.nodePath;
    this.#entry = options.entry ?? path.join(import.meta.dirname, 'entry.ts');
  }

  /** Process id of the child, undefined where none runs. */
  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  /**
   * Asks one thing of the child. Throws what the child threw, inference/child-died, or internal/cancelled once `signal`
   * is aborted: the child stops at its next safe point and what it wrote until then stays.
   */
  request<Method extends InferenceMethod>(
    method: Method,
    params: InferenceRequests[Method]['params'],
    options: RequestOptions = {},
  ): Promise<InferenceRequests[Method]['result']> {
    const { signal, progress } = options;
    if (signal?.aborted) return Promise.reject(new ResynthError('internal/cancelled'));
    const child = this.#start();
    const id = this.#nextId++;
    const cancel = (): void => {
      this.#send(child, { kind: 'cancel', id });
    };
    signal?.addEventListener('abort', cancel, { once: true });
    return new Promise<InferenceRequests[Method]['result']>((resolve, reject) => {
      this.#send(child, { kind: 'request', id, method, params });
      this.#pending.set(id, {
        resolve: (result) => resolve(result as InferenceRequests[Method]['result']),
        reject,
        progress,
      });
    }).finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Ends the child; whatever is still asked is rejected. Resolves when the process is gone. */
  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.process.once('exit', () => resolve()));
    child.channel.close();
    const timer = setTimeout(() => child.process.kill('SIGKILL'), EXIT_GRACE_MS);
    await gone;
    clearTimeout(timer);
  }

  #start(): Child {
    if (this.#child) return this.#child;
    const child = startChild({
      entry: this.#entry,
      nodePath: this.#nodePath,
      env: engineProcessEnvironment(),
    });
    const lastWords = new LastWords(child.process);
    this.#child = child;
    onMessage(child.channel, (message) => this.#receive(message as FromChild));
    child.process.on('error', (error) => this.#bury(child, error.message, lastWords));
    // 'close' comes after stderr has been read to its end: the last words are there.
    child.process.on('close', (code, signal) => this.#bury(child, howItEnded(code, signal), lastWords));
    return child;
  }

  #send(child: Child, message: ToChild): void {
    // A message that no longer arrives means that the child is going down: 'close' rejects what is pending.
    sendMessage(child.channel, message);
  }

  #receive(message: FromChild): void {
    if (message.kind === 'ready') return;
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.kind === 'progress') {
      pending.progress?.(message.event);
      return;
    }
    this.#pending.delete(message.id);
    if (message.kind === 'result') pending.resolve(message.result);
    else pending.reject(ResynthError.from(message.error));
  }

  #bury(child: Child, how: string, lastWords: LastWords): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    const detail = lastWords.line ? `${how}; its last words: ${lastWords.line}` : how;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const one of pending) one.reject(new ResynthError('inference/child-died', { how: detail }));
  }
}
