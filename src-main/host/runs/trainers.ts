import { setTimeout } from 'node:timers/promises';
import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import { asResynthError, messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { EventHub } from '../../../src-preload/contract/event-hub.ts';
import type { Home } from '../../store/home.ts';
import type { FromTrainer, TrainerEnd } from '../../trainer/messages.ts';
import { processorNote } from '../../trainer/engine-note.ts';
import type { Notices } from '../notices.ts';
import { recordCrash, recordNeverBegan, settleForgotten } from './run-crash.ts';
import { removeQueueEntry, writeQueueEntry } from './run-extras.ts';
import { type IndexedRun, RunIndex } from './run-index.ts';
import type { RunStore } from './run-store.ts';
import { RunTail } from './run-tail.ts';
import { RunWatch } from './run-watch.ts';
import { createRun, type NewRun, type Run } from './runs.ts';
import { listTrash } from './runs-trash.ts';
import { startTrainer, type Trainer } from './supervisor.ts';

export interface TrainersOptions {
  home: Home;
  hub: Pick<EventHub, 'publish'>;
  notices: Notices;
  /** Rows of runs, and their metrics. */
  store: RunStore;
  /** How many of the queue train at once. */
  concurrent(): Promise<number>;
  /** Makes ready what a run trains on, before one of the queue is started. */
  prepare(run: Run): Promise<void>;
  /** The Node that runs trainers, and their entry; tests give their own. */
  nodePath?: string | undefined;
  entry?: string | undefined;
  /** Told how many runs train, whenever that changes. */
  trainingChanged?: ((running: number) => void) | undefined;
}

export interface Launch {
  /** Epochs to add before it goes on. */
  extendEpochs: number | null;
  onMessage?: ((message: FromTrainer) => void) | undefined;
}

/** A started trainer. */
export interface Launched {
  /** How it ended; rejects with runs/trainer-crashed when it ended without a word. */
  readonly ended: Promise<TrainerEnd>;
  /** True once it has begun to train, false when it ended before. */
  readonly begun: Promise<boolean>;
  /** Has it stop and save. */
  stop(reason: string): void;
}

const noGpu = {
  message: 'Training runs on the processor: no usable GPU was found.',
  remedy: '`npm run resynth -- doctor` says what is missing for a faster engine and how to get it.',
};

/** A queued run that could not even begin is tried once more, and then left alone. */
const mostAttempts = 2;

const standsAloneWithinMs = 15_000;
const pollMs = 20;

/**
 * The runs of a data folder: their index, the queue, and the trainers. Every trainer is detached and lives by its run
 * folder, so that one of an earlier host, of another process, or of ours is followed and controlled in the same way.
 */
export class Trainers {
  /** What has been read so far; `whole` waits for all. */
  readonly index: RunIndex;
  readonly #options: TrainersOptions;
  readonly #tail: RunTail;
  readonly #watch: RunWatch;
  /** Trainers that this host started and that have not ended. */
  readonly #launched = new Map<string, Trainer>();
  /** Those of them that have their run's lock: they go on without us. */
  readonly #standing = new Set<string>();
  /** Runs whose row the database has: their metrics need one. */
  readonly #stored = new Set<string>();
  #ready: Promise<void> = Promise.resolve();
  #creating: Promise<unknown> = Promise.resolve();
  #pumping = Promise.resolve();
  #catchingUp = Promise.resolve();
  #training = 0;
  #closed = false;
  /** Our trainers were let go: the next host sees how they end. */
  #left = false;
  #known = false;

  constructor(options: TrainersOptions) {
    this.#options = options;
    this.#tail = new RunTail(options.store, options.hub);
    this.index = new RunIndex({
      home: options.home,
      hub: options.hub,
      onRead: (entry) => this.#onRead(entry),
      onChanged: (entry, summary) => void this.#onChanged(entry, summary),
      onRemoved: (id) => void this.#onRemoved(id),
    });
    this.#watch = new RunWatch({
      home: options.home,
      index: this.index,
      follow: (entry) => this.#follow(entry, true),
      failed: (thrown) => this.#failed(thrown),
    });
  }

  /**
   * Begins: reads every run, puts right what an earlier host left unfinished, follows the live ones, and goes on with the
   * queue. What needs all runs waits for it.
   */
  start(): void {
    this.#ready = this.#start();
    this.#ready.catch((thrown: unknown) => this.#failed(thrown));
  }

  /** The index, once every run has been read. */
  async whole(): Promise<RunIndex> {
    await this.#ready;
    return this.index;
  }

  /** The run that a name, an id or the beginning of an id means. Throws runs/not-found, runs/ambiguous. */
  async resolve(nameOrId: string): Promise<Run> {
    return (await this.whole()).resolve(nameOrId);
  }

  async #start(): Promise<void> {
    await this.index.fill();
    for (const entry of this.index.all()) {
      if (entry.run && settleForgotten(entry.run, entry.queue, mostAttempts)) await this.index.read(entry.id);
    }
    this.#known = true;
    this.#watch.start();
    this.#tellTraining();
    this.#catchingUp = this.#catchUp().catch((thrown: unknown) => this.#failed(thrown));
    void this.pump();
  }

  /** How many runs a process trains now, in preparation and paused ones included. */
  get training(): number {
    return new Set([...this.#launched.keys(), ...this.index.live().map(({ id }) => id)]).size;
  }

  /** Makes a run; of two that want one name at the same moment, one is refused. Throws as `createRun`. */
  create(request: NewRun): Promise<Run> {
    return this.#alone(async () => {
      const run = await createRun(this.#options.home, request, this.index.names());
      await this.index.read(run.record.id);
      return run;
    });
  }

  /** Does something about names while nobody else does: `taken` are those there are, without the one of run `except`. */
  withNames<Result>(
    except: string | null,
    work: (taken: ReadonlyMap<string, string>) => Promise<Result>,
  ): Promise<Result> {
    return this.#alone(() => work(new Map([...this.index.names()].filter(([, id]) => id !== except))));
  }

  /** Starts a trainer on a run at once. */
  launch(run: Run, { extendEpochs, onMessage }: Launch): Launched {
    if (this.#closed) throw new ResynthError('host/closing');
    const { id } = run.record;
    const { home, nodePath, entry } = this.#options;
    let hasBegun = false;
    const trainer = startTrainer({
      folder: run.folder,
      home: home.root,
      detached: true,
      extendEpochs,
      ...(nodePath === undefined ? {} : { nodePath }),
      ...(entry === undefined ? {} : { entry }),
      onMessage: (message) => {
        if (message.type === 'state' && message.state === 'running') hasBegun = true;
        if (message.type === 'locked') void this.#locked(id);
        else if (message.type === 'state') void this.index.read(id);
        onMessage?.(message);
      },
    });
    this.#launched.set(id, trainer);
    this.#tellTraining();
    const ended = this.#outcome(run, trainer);
    // Whoever waits sees the rejection; one that nobody waits for is in the run's status all the same.
    ended.catch(() => undefined);
    return {
      ended,
      begun: trainer.running.then(() => hasBegun),
      stop: (reason) => void trainer.control({ command: 'stop', reason }),
    };
  }

  /** Puts a run at the end of the queue. Throws runs/queued. */
  async enqueue(run: Run, extendEpochs: number | null): Promise<void> {
    await this.#ready;
    const queued = this.index.queued();
    if (queued.some(({ id }) => id === run.record.id)) {
      throw new ResynthError('runs/queued', { run: run.record.name });
    }
    const order = (queued.at(-1)?.queue?.order ?? 0) + 1;
    writeQueueEntry(run.folder, { order, queuedMs: Date.now(), extendEpochs, attempts: 0 });
    await this.index.read(run.record.id);
    await this.pump();
  }

  /** Goes on with the queue where there is room. Never rejects. */
  pump(): Promise<void> {
    this.#pumping = this.#pumping
      .then(() => this.#startQueued())
      .catch((thrown: unknown) => this.#failed(thrown));
    return this.#pumping;
  }

  /** Ends the watching. `stopTraining` stops and saves the runs that this host started; else they go on. */
  async close({ stopTraining }: { stopTraining: boolean }): Promise<void> {
    this.#closed = true;
    const launched = [...this.#launched.values()];
    if (stopTraining) {
      for (const trainer of launched) trainer.control({ command: 'stop', reason: 'Resynth was closed' });
      await Promise.allSettled(launched.map(({ ended }) => ended));
    } else {
      await this.#letBegin();
      this.#left = true;
      for (const trainer of this.#launched.values()) trainer.leave();
    }
    await this.#ready.catch(() => undefined);
    await this.#pumping;
    await this.#catchingUp;
    await this.#watch.close();
  }

  /** A trainer that is only just starting would not survive the end of its host: it is waited for until it stands alone. */
  async #letBegin(): Promise<void> {
    const deadlineMs = performance.now() + standsAloneWithinMs;
    const waiting = [...this.#launched.keys()].filter((id) => !this.#standing.has(id));
    for (const id of waiting) {
      while (this.#launched.has(id) && !this.#standing.has(id) && performance.now() < deadlineMs) {
        await setTimeout(pollMs);
      }
    }
  }

  async #startQueued(): Promise<void> {
    while (!this.#closed) {
      const [next] = this.index.queued().filter(({ id }) => !this.#launched.has(id));
      if (!next?.run || !next.queue || this.training >= (await this.#options.concurrent())) return;
      const { run, queue } = next;
      if (queue.attempts >= mostAttempts) {
        recordNeverBegan(run);
        await this.index.read(next.id);
        continue;
      }
      writeQueueEntry(run.folder, { ...queue, attempts: queue.attempts + 1 });
      // Where that fails, the trainer meets the same and says so in the run.
      await this.#options.prepare(run).catch((thrown: unknown) => this.#failed(thrown));
      if (!this.#closed) this.launch(run, { extendEpochs: queue.extendEpochs });
    }
  }

  /** A trainer has the run's lock: from here on its files tell the rest. */
  async #locked(id: string): Promise<void> {
    this.#standing.add(id);
    const entry = this.index.get(id);
    if (entry) removeQueueEntry(entry.folder);
    await this.index.read(id);
  }

  async #outcome(run: Run, trainer: Trainer): Promise<TrainerEnd> {
    try {
      return await trainer.ended;
    } catch (thrown) {
      const error = asResynthError(thrown);
      if (!this.#left) recordCrash(run.folder, error);
      throw error;
    } finally {
      if (!this.#left) await this.#settle(run);
    }
  }

  /** A trainer of ours has ended. */
  async #settle(run: Run): Promise<void> {
    const { id } = run.record;
    this.#launched.delete(id);
    this.#standing.delete(id);
    // Whatever became of it, it is not started again by itself.
    removeQueueEntry(run.folder);
    await this.index.read(id).catch((thrown: unknown) => this.#failed(thrown));
    this.#tellTraining();
    void this.pump();
  }

  async #onRead(entry: IndexedRun): Promise<void> {
    // Old runs are followed when there is time (`#catchUp`).
    if (this.#known) await this.#follow(entry, true);
  }

  /** Waits until the database has all that a run has logged so far: for whoever takes its curves away. */
  async takeIn(id: string): Promise<void> {
    const entry = this.index.get(id);
    if (entry) await this.#follow(entry, false);
  }

  /** Never rejects: a database that is busy now is asked again with the next change. */
  async #follow(entry: IndexedRun, tell: boolean): Promise<void> {
    const { store } = this.#options;
    try {
      const summary = this.#stored.has(entry.id) ? null : this.index.summary(entry.id);
      if (summary) await store.putRun(summary);
      this.#stored.add(entry.id);
      await this.#tail.follow(entry.id, entry.folder, tell);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  async #onChanged(entry: IndexedRun, summary: RunSummary): Promise<void> {
    this.#tellTraining();
    if (entry.run?.status.notes.includes(processorNote)) {
      const { message, remedy } = noGpu;
      this.#options.notices.show({ id: 'engine-no-gpu', level: 'info', message, remedy });
    }
    // How one that others started ended, nobody saw.
    if (entry.run?.status.state === 'interrupted' && !this.#launched.has(entry.id)) {
      if (recordCrash(entry.folder, null)) void this.index.read(entry.id);
    }
    // One that another process trained has ended: its place is free.
    if (entry.run?.pid === null) void this.pump();
    try {
      await this.#options.store.putRun(summary);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  async #onRemoved(id: string): Promise<void> {
    this.#tail.forget(id);
    this.#stored.delete(id);
    try {
      await this.#options.store.setDeleted(id);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  /** What was logged while no host looked, and rows of runs whose folders are gone. */
  async #catchUp(): Promise<void> {
    const { store } = this.#options;
    const trashed = new Set(listTrash(this.#options.home).map(({ id }) => id));
    for (const id of await store.runIds()) {
      if (this.index.get(id)) continue;
      if (trashed.has(id)) await store.setDeleted(id);
      else await store.forgetRun(id);
    }
    for (const entry of this.index.all()) {
      if (this.#closed) return;
      if (entry.run) await this.#follow(entry, false);
    }
  }

  /** One after the other, in the order of asking. */
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#creating.then(() => this.#ready).then(work);
    this.#creating = mine.catch(() => undefined);
    return mine;
  }

  #tellTraining(): void {
    const now = this.training;
    if (now === this.#training) return;
    this.#training = now;
    this.#options.trainingChanged?.(now);
  }

  #failed(thrown: unknown): void {
    if (this.#closed) return;
    const error = asResynthError(thrown);
    this.#options.notices.showError('runs-not-followed', error, 'error');
    process.stderr.write(`runs: ${messageOf(thrown)}\n`);
  }
}
