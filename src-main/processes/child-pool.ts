import os from 'node:os';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { type Child, type ChildOptions, howItEnded, LastWords, startChild } from './child.ts';
import type { ChildMessage, TaskMessage } from './child-tasks.ts';
import { onMessage, sendMessage } from './messages.ts';

/** `entry` is a file that calls `serveTasks`. */
export interface ChildPoolOptions extends Pick<ChildOptions, 'entry' | 'nodePath' | 'nodeOptions'> {
  /** Processes at most; they start as tasks come. One a core by default. */
  size?: number;
  /** A task that takes longer counts as a crash: a decoder can hang on a damaged file. */
  timeoutSec?: number;
}

interface Job<Task, Result> {
  number: number;
  task: Task;
  /** The file or thing the task is about, to be named when it crashes its process. */
  subject: string;
  /** How long it may take, where that is less than what holds for all. */
  limitSec: number;
  resolve(result: Result): void;
  reject(error: ResynthError): void;
}

interface Worker<Task, Result> extends Child {
  ready: boolean;
  /** Sent and unanswered, oldest first: the child works on the first one, the others wait in its channel. */
  jobs: Job<Task, Result>[];
  timer: NodeJS.Timeout | undefined;
  timedOut: boolean;
  lastWords: LastWords;
}

/** Tasks waiting in a child's channel beside the one it works on, so that it never waits for the next. */
const tasksAhead = 2;

/** A process that is not ready by then never will be. */
const longestStartSec = 60;

/** Children in a row that die before they are ready: then it is not the files, and starting more would loop. */
const startAttempts = 3;

/**
 * Plain Node child processes that do tasks. A task that crashes its process (or hangs) is rejected with
 * `analyst/crashed` naming its subject, and never tried again; a fresh process takes over the rest. So a crash costs
 * one process and one task.
 */
export class ChildPool<Task, Result> {
  readonly #options: ChildPoolOptions;
  readonly #size: number;
  readonly #waiting: Job<Task, Result>[] = [];
  readonly #children = new Set<Worker<Task, Result>>();
  #nextNumber = 0;
  #failedStarts = 0;
  #closed = false;

  constructor(options: ChildPoolOptions) {
    this.#options = options;
    this.#size = options.size ?? os.availableParallelism();
  }

  /** How many tasks keep every process busy; offering many more only costs memory. */
  get appetite(): number {
    return this.#size * (1 + tasksAhead);
  }

  /**
   * Has one task done by whichever process is free. It may take `limitSec`, and never more than the pool's own limit.
   *
   * @throws ResynthError what the task threw; analyst/crashed; analyst/start-failed; internal/cancelled after `close`.
   */
  run(task: Task, subject: string, limitSec = Infinity): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new ResynthError('internal/cancelled'));
        return;
      }
      this.#waiting.push({ number: this.#nextNumber++, task, subject, limitSec, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends the processes at once; unfinished tasks are rejected as cancelled. Resolves when every process is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const cancelled = new ResynthError('internal/cancelled');
    const gone = [...this.#children].map((child) => {
      for (const job of child.jobs.splice(0)) job.reject(cancelled);
      clearTimeout(child.timer);
      return new Promise<void>((resolve) => {
        if (child.process.exitCode !== null || child.process.signalCode !== null) resolve();
        else {
          child.process.once('exit', () => resolve());
          // A decoder inside a native call would not hear anything softer.
          child.process.kill('SIGKILL');
        }
      });
    });
    for (const job of this.#waiting.splice(0)) job.reject(cancelled);
    await Promise.all(gone);
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const child = this.#pickChild();
      if (!child) return;
      const job = this.#waiting.shift();
      if (!job) return;
      try {
        // A message that no longer arrives means that the child is going down: its 'close' deals with the job.
        sendMessage(child.channel, { number: job.number, task: job.task } satisfies TaskMessage<Task>);
      } catch (thrown) {
        job.reject(asResynthError(thrown));
        continue;
      }
      child.jobs.push(job);
      if (child.jobs.length === 1) this.#watch(child);
    }
  }

  #pickChild(): Worker<Task, Result> | undefined {
    let best: Worker<Task, Result> | undefined;
    for (const child of this.#children) {
      if (!child.channel.closed && (!best || child.jobs.length < best.jobs.length)) best = child;
    }
    if (this.#children.size < this.#size && (!best || best.jobs.length > 0)) return this.#start();
    return best && best.jobs.length <= tasksAhead ? best : undefined;
  }

  #start(): Worker<Task, Result> {
    const started = startChild(this.#options);
    const child: Worker<Task, Result> = {
      ...started,
      ready: false,
      jobs: [],
      timer: undefined,
      timedOut: false,
      lastWords: new LastWords(started.process),
    };
    this.#children.add(child);
    onMessage(child.channel, (message) => this.#hear(child, message as ChildMessage<Result>));
    child.process.on('error', (error) => {
      // A process that could not be started at all has no 'exit'.
      if (child.process.pid === undefined) this.#bury(child, `it did not start: ${error.message}`);
    });
    // 'close' rather than 'exit': stderr and the last answers have arrived by then.
    child.process.on('close', (code, signal) => {
      this.#bury(child, howItEnded(code, signal));
    });
    return child;
  }

  #hear(child: Worker<Task, Result>, message: ChildMessage<Result>): void {
    if (message.kind === 'ready') {
      child.ready = true;
      this.#failedStarts = 0;
      this.#watch(child);
      return;
    }
    const job = child.jobs[0];
    if (job?.number !== message.number) return;
    child.jobs.shift();
    this.#watch(child);
    if (message.kind === 'done') job.resolve(message.result);
    else job.reject(ResynthError.from(message.error));
    this.#dispatch();
  }

  /** Restarts the clock for the task that the child now works on. */
  #watch(child: Worker<Task, Result>): void {
    clearTimeout(child.timer);
    child.timer = undefined;
    const [job] = child.jobs;
    if (!job) return;
    // The task's own time begins once the process is there: on a busy machine its start alone takes seconds.
    const limitSec = child.ready ? this.#limitOf(job) : Math.max(longestStartSec, this.#limitOf(job));
    child.timer = setTimeout(() => {
      child.timedOut = true;
      child.process.kill('SIGKILL');
    }, limitSec * 1000);
  }

  #limitOf({ limitSec }: Pick<Job<Task, Result>, 'limitSec'>): number {
    return Math.min(limitSec, this.#options.timeoutSec ?? 600);
  }

  #bury(child: Worker<Task, Result>, how: string): void {
    if (!this.#children.delete(child)) return;
    clearTimeout(child.timer);
    if (this.#closed) return;
    const [begun] = child.jobs;
    const detail = child.timedOut
      ? `no answer within ${this.#limitOf(begun ?? { limitSec: Infinity })} s`
      : [how, child.lastWords.line].filter(Boolean).join(': ');
    const jobs = child.jobs.splice(0);
    if (child.ready) {
      const culprit = jobs.shift();
      culprit?.reject(new ResynthError('analyst/crashed', { file: culprit.subject, detail }));
    } else {
      this.#failedStarts++;
    }
    this.#waiting.unshift(...jobs);
    if (this.#failedStarts >= startAttempts) {
      const error = new ResynthError('analyst/start-failed', { detail });
      for (const job of this.#waiting.splice(0)) job.reject(error);
      this.#failedStarts = 0;
    }
    this.#dispatch();
  }
}
