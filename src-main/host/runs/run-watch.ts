import { type FSWatcher, watch } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { makeFolderSync } from '../../files/folders.ts';
import type { Home } from '../../store/home.ts';
import { lockHolder } from '../../trainer/lock.ts';
import type { IndexedRun, RunIndex } from './run-index.ts';

export interface RunWatchOptions {
  home: Home;
  index: RunIndex;
  /** Takes in what a live run has logged; never rejects. */
  follow(entry: IndexedRun): Promise<void>;
  failed(thrown: unknown): void;
}

/** Live runs are looked at so often: a trainer writes its numbers four times a second. */
const tickMs = 250;
/** A look at the list of folders is due after so many ticks, where the system has not told of a change before. */
const ticksBetweenLooks = 4;
/** Idle runs whose folder is looked at in one tick: all of a thousand within a second. */
const idlePerTick = 250;
/** A live run is read again after so many ticks also where its folder does not look changed: its time is coarse. */
const ticksBetweenReads = 4;

/** Looks at run folders whoever writes them: the live ones closely, the others for signs of life, the list for new ones. */
export class RunWatch {
  readonly #options: RunWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;
  #ticks = 0;
  #listChanged = true;
  #nextIdle = 0;
  #busy: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: RunWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { runs } = this.#options.home;
    makeFolderSync(runs);
    try {
      this.#watcher = watch(runs, { persistent: false }, () => (this.#listChanged = true));
      // The list is looked at all the same, a little later.
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No watches left on this system, or a disk that has none: looking from time to time is enough.
      this.#watcher = undefined;
    }
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
    await this.#busy;
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#busy = this.#tick()
        .catch((thrown: unknown) => this.#options.failed(thrown))
        .finally(() => this.#schedule());
    }, tickMs).unref();
  }

  async #tick(): Promise<void> {
    const { index } = this.#options;
    const tick = this.#ticks++;
    const live = new Set(index.live().map(({ id }) => id));
    for (const id of live) await this.#lookAtLive(id, tick);
    await this.#lookAtIdle(live);
    if (this.#listChanged || tick % ticksBetweenLooks === 0) {
      this.#listChanged = false;
      await index.look();
    }
  }

  async #lookAtLive(id: string, tick: number): Promise<void> {
    const { index, follow } = this.#options;
    const entry = index.get(id);
    if (!entry || this.#closed) return;
    const isDead = lockHolder(entry.folder) === null;
    if (isDead || tick % ticksBetweenReads === 0) await index.read(id);
    // Reading follows what was logged as well.
    else if (!(await index.readIfChanged(id))) await follow(entry);
  }

  async #lookAtIdle(live: ReadonlySet<string>): Promise<void> {
    const { index } = this.#options;
    const idle = index.all().filter(({ id }) => !live.has(id));
    if (this.#nextIdle >= idle.length) this.#nextIdle = 0;
    const slice = idle.slice(this.#nextIdle, this.#nextIdle + idlePerTick);
    this.#nextIdle += idlePerTick;
    for (const [at, { id }] of slice.entries()) {
      if (this.#closed) return;
      await index.readIfChanged(id);
      if (at % 100 === 99) await setImmediate();
    }
  }
}
