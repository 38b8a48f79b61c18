import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import path from 'node:path';
import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { EventHub } from '../../../src-preload/contract/event-hub.ts';
import { runChanged, runProgressed, runRemoved } from '../../../src-preload/contract/events/runs.ts';
import type { Home } from '../../store/home.ts';
import {
  type Annotation,
  noAnnotation,
  type QueueEntry,
  readAnnotation,
  readQueueEntry,
} from './run-extras.ts';
import { isQueued, lastingPart, summaryOf } from './run-summary.ts';
import { listRunIds, openRun, pickRun, type Run } from './runs.ts';

/** One run as it was when its files were last read. */
export interface IndexedRun {
  readonly id: string;
  readonly folder: string;
  /** Null where its record cannot be read. */
  run: Run | null;
  error: ResynthError | null;
  annotation: Annotation;
  queue: QueueEntry | null;
  /** Changes whenever one of its files was replaced. */
  signature: string;
  /** What clients were told last. */
  told: { lasting: string; progressMs: number } | null;
}

export interface RunIndexOptions {
  home: Home;
  hub: Pick<EventHub, 'publish'>;
  /** Called after a run was read and before clients are told: whoever looks then finds what the event speaks of. */
  onRead?: (entry: IndexedRun) => Promise<void>;
  /** Called after clients were told of a lasting change. */
  onChanged?: (entry: IndexedRun, summary: RunSummary) => void;
  onRemoved?: (id: string) => void;
}

/** Runs read before other work has its turn. */
const readTogether = 10;

/**
 * Every run of a data folder in memory, as its files say, whichever process writes them. `look` finds what is new; the
 * files stay the truth.
 */
export class RunIndex {
  readonly #options: RunIndexOptions;
  readonly #entries = new Map<string, IndexedRun>();
  /** One reading of a run at a time. */
  readonly #reading = new Map<string, Promise<void>>();
  #quiet = false;

  constructor(options: RunIndexOptions) {
    this.#options = options;
  }

  /** In no order. */
  all(): IndexedRun[] {
    return [...this.#entries.values()];
  }

  get(id: string): IndexedRun | undefined {
    return this.#entries.get(id);
  }

  /** Runs that a process trains now. */
  live(): IndexedRun[] {
    return this.all().filter(({ run }) => run !== null && run.pid !== null);
  }

  /** Runs that wait for their turn, the next one first. */
  queued(): IndexedRun[] {
    return this.all()
      .filter((entry) => entry.run !== null && isQueued({ run: entry.run, queue: entry.queue }))
      .sort((a, b) => (a.queue?.order ?? 0) - (b.queue?.order ?? 0) || (a.id < b.id ? -1 : 1));
  }

  /** Names that are taken, with whose they are. */
  names(): Map<string, string> {
    return new Map(this.all().flatMap(({ id, run }) => (run ? [[run.record.name, id] as const] : [])));
  }

  summaries(): RunSummary[] {
    const places = this.#places();
    return this.all()
      .flatMap((entry) => (entry.run ? [this.#summary(entry, entry.run, places)] : []))
      .sort((a, b) => b.createdMs - a.createdMs || (a.run < b.run ? 1 : -1));
  }

  damaged(): { id: string; error: ResynthError }[] {
    return this.all().flatMap(({ id, error }) => (error ? [{ id, error }] : []));
  }

  summary(id: string): RunSummary | null {
    const entry = this.#entries.get(id);
    return entry?.run ? this.#summary(entry, entry.run, this.#places()) : null;
  }

  /**
   * The run that a name, an id or the beginning of an id means, read afresh.
   *
   * @throws ResynthError runs/not-found, runs/ambiguous, runs/record-damaged.
   */
  async resolve(nameOrId: string): Promise<Run> {
    const pick = (): string =>
      pickRun(
        nameOrId,
        this.all().map(({ id, run }) => ({ id, name: run?.record.name ?? null })),
      );
    let id: string;
    try {
      id = pick();
    } catch (thrown) {
      // Another process may have just made it.
      if (asResynthError(thrown).code !== 'runs/not-found') throw thrown;
      await this.look();
      id = pick();
    }
    await this.read(id);
    const entry = this.#entries.get(id);
    if (entry?.run) return entry.run;
    throw entry?.error ?? new ResynthError('runs/not-found', { name: nameOrId });
  }

  /** Reads every run for the first time; nobody is told of them one by one. */
  async fill(): Promise<void> {
    this.#quiet = true;
    try {
      await this.look();
    } finally {
      this.#quiet = false;
    }
  }

  /** Looks for run folders that came or went, and reads those that came. */
  async look(): Promise<void> {
    const ids = new Set(listRunIds(this.#options.home));
    for (const id of this.#entries.keys()) if (!ids.has(id)) this.#forget(id);
    let read = 0;
    for (const id of ids) {
      if (this.#entries.has(id)) continue;
      await this.read(id);
      if (++read % readTogether === 0) await setImmediate();
    }
  }

  /** Reads a run whose folder has changed since it was read; true where it had. */
  async readIfChanged(id: string): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (!entry || entry.signature === signatureOf(entry.folder)) return false;
    await this.read(id);
    return true;
  }

  /** Reads a run now and tells clients what is different. */
  async read(id: string): Promise<void> {
    const before = this.#reading.get(id);
    // Whoever asks now has perhaps just changed it: the reading under way may have missed that.
    const reading = (before ?? Promise.resolve()).then(() => this.#read(id));
    this.#reading.set(id, reading);
    try {
      await reading;
    } finally {
      if (this.#reading.get(id) === reading) this.#reading.delete(id);
    }
  }

  async #read(id: string): Promise<void> {
    const folder = path.join(this.#options.home.runs, id);
    const signature = signatureOf(folder);
    if (signature === null) {
      this.#forget(id);
      return;
    }
    const entry: IndexedRun = this.#entries.get(id) ?? {
      id,
      folder,
      run: null,
      error: null,
      annotation: noAnnotation,
      queue: null,
      signature: '',
      told: null,
    };
    const queueBefore = entry.queue;
    entry.signature = signature;
    try {
      entry.run = openRun(this.#options.home, id);
      entry.error = null;
    } catch (thrown) {
      entry.run = null;
      entry.error = asResynthError(thrown);
    }
    entry.annotation = readAnnotation(folder);
    entry.queue = readQueueEntry(folder);
    this.#entries.set(id, entry);
    if (!entry.run) return;
    await this.#options.onRead?.(entry);
    const moved = queueBefore?.order !== entry.queue?.order || entry.queue !== null;
    for (const each of moved ? this.queued() : []) this.#tell(each);
    this.#tell(entry);
  }

  #tell(entry: IndexedRun): void {
    if (!entry.run || !this.#entries.has(entry.id)) return;
    const { hub, onChanged } = this.#options;
    const summary = this.#summary(entry, entry.run, this.#places());
    const lasting = lastingPart(summary);
    const progressMs = summary.progress?.updatedMs ?? 0;
    const { told } = entry;
    entry.told = { lasting, progressMs };
    if (this.#quiet) return;
    if (told?.lasting !== lasting) {
      hub.publish(runChanged, { run: summary });
      onChanged?.(entry, summary);
    } else if (summary.progress && progressMs !== told.progressMs) {
      hub.publish(runProgressed, { run: entry.id, progress: summary.progress });
    }
  }

  #forget(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    const { hub, onRemoved } = this.#options;
    hub.publish(runRemoved, { run: id, name: entry.run?.record.name ?? id });
    onRemoved?.(id);
    for (const each of entry.queue ? this.queued() : []) this.#tell(each);
  }

  #summary(entry: IndexedRun, run: Run, places: ReadonlyMap<string, number>): RunSummary {
    const { annotation, queue } = entry;
    return summaryOf({ run, annotation, queue, queuePlace: places.get(entry.id) ?? null });
  }

  #places(): Map<string, number> {
    return new Map(this.queued().map(({ id }, at) => [id, at + 1]));
  }
}

/** Every file of a run but its metrics and log is replaced by a rename, which its folder's time shows. */
function signatureOf(folder: string): string | null {
  const stat = statSync(folder, { throwIfNoEntry: false, bigint: true });
  if (!stat?.isDirectory()) return null;
  return `${stat.ino}:${stat.mtimeNs}`;
}
