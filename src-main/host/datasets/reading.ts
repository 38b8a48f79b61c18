import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { AnalystPool } from '../../analyst/pool.ts';
import type { FileToInspect, InspectedFile } from '../../analyst/tasks.ts';
import type { FoundFile } from '../../corpora/corpus.ts';
import type { Recording, SkippedFile } from '../../corpora/recording.ts';

/** Files a task: a message costs as much as a small file. */
const filesATask = 64;
/** Stretches of files a task: those of one file are measured while it is decoded once. */
const stretchesATask = 256;
/** And so many bytes, so that whoever wants a picture drawn meanwhile does not wait long. */
const bytesATask = 2 << 20;

/** Errors that are not about one file: going on with the next one would only repeat them. */
const fatalCodes: ReadonlySet<string> = new Set(['internal/cancelled', 'analyst/start-failed']);

/** What came of some files. */
export interface ReadFiles {
  recordings: Recording[];
  skipped: SkippedFile[];
}

/**
 * Has files decoded, measured and hashed by the analyst's processes, many a task, and hands on what comes out as it comes.
 * Few files wait at a time: whoever adds more is made to wait.
 */
export class ReadingQueue {
  readonly #analysts: AnalystPool;
  readonly #folder: string;
  readonly #take: (read: ReadFiles) => Promise<void>;
  readonly #underWay = new Set<Promise<void>>();
  #waiting: FoundFile[] = [];
  readonly #waitingPaths = new Set<string>();
  #waitingBytes = 0;
  #failure: { thrown: unknown } | null = null;

  /** `take` is called for every batch that was read; what it throws ends the queue. */
  constructor(analysts: AnalystPool, folder: string, take: (read: ReadFiles) => Promise<void>) {
    this.#analysts = analysts;
    this.#folder = folder;
    this.#take = take;
  }

  /** Resolves when there is room for more. @throws what ended the queue. */
  async add(files: readonly FoundFile[]): Promise<void> {
    for (const file of files) {
      const at = file.source ?? file.id;
      const another = !this.#waitingPaths.has(at);
      if (another && this.#waiting.length > 0 && this.#waitingBytes + file.bytes > bytesATask)
        await this.#send();
      this.#waiting.push(file);
      if (!this.#waitingPaths.has(at)) this.#waitingBytes += file.bytes;
      this.#waitingPaths.add(at);
      if (this.#waitingPaths.size === filesATask || this.#waiting.length === stretchesATask)
        await this.#send();
    }
  }

  /** Resolves when everything that was added has been handed on. @throws what ended the queue. */
  async finish(): Promise<void> {
    if (this.#waiting.length > 0) await this.#send();
    await Promise.all(this.#underWay);
    this.#throwFailure();
  }

  /** Adds nothing more, and resolves when nothing is under way. */
  async abandon(): Promise<void> {
    this.#failure ??= { thrown: new ResynthError('internal/cancelled') };
    this.#waiting = [];
    await Promise.all(this.#underWay);
  }

  async #send(): Promise<void> {
    const files = this.#waiting;
    this.#waiting = [];
    this.#waitingPaths.clear();
    this.#waitingBytes = 0;
    while (this.#underWay.size >= this.#analysts.appetite && !this.#failure)
      await Promise.race(this.#underWay);
    this.#throwFailure();
    const task = this.#read(files)
      .catch((thrown: unknown) => {
        this.#failure ??= { thrown };
      })
      .finally(() => this.#underWay.delete(task));
    this.#underWay.add(task);
  }

  async #read(files: readonly FoundFile[]): Promise<void> {
    const read: ReadFiles = { recordings: [], skipped: [] };
    const inspected = await this.#inspect(files);
    for (const [index, file] of files.entries()) sort(file, inspected[index], read);
    if (!this.#failure) await this.#take(read);
  }

  async #inspect(files: readonly FoundFile[]): Promise<InspectedFile[]> {
    try {
      return (
        await this.#analysts.run({ kind: 'inspect', folder: this.#folder, files: files.map(toInspect) })
      ).files;
    } catch (thrown) {
      const error = asResynthError(thrown);
      if (fatalCodes.has(error.code)) throw error;
      if (files.length === 1) return [{ refused: error.toJSON() }];
    }
    // One of them took its process down: alone, each tells for itself.
    const alone: InspectedFile[] = [];
    for (const file of files) {
      if (this.#failure) throw this.#failure.thrown;
      alone.push(...(await this.#inspect([file])));
    }
    return alone;
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.thrown;
  }
}

function toInspect({ id, source, startSec, endSec }: FoundFile): FileToInspect {
  return { id, source, startSec, endSec };
}

function sort(file: FoundFile, one: InspectedFile | undefined, read: ReadFiles): void {
  if (!one) throw new Error(`The analyst said nothing of ${file.id}.`);
  const { id } = file;
  if ('measures' in one) {
    read.recordings.push({ ...file, ...one.measures });
  } else {
    const { code, message, remedy } = one.refused;
    read.skipped.push({ id, code, message, remedy });
  }
}

/**
 * Starts the analyst's processes before there is anything to read: for a small folder their start is most of the time, and
 * whoever looks at a folder is about to add it.
 */
export function startAnalysts({ analysts }: { analysts: AnalystPool }): void {
  for (let task = 0; task < analysts.appetite; task++) {
    // What keeps them from starting is said by the first real task.
    analysts.run({ kind: 'inspect', folder: '', files: [] }).catch(() => undefined);
  }
}
