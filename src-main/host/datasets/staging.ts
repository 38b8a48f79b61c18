import type { Recording, SkippedFile } from '../../corpora/recording.ts';
import type { Database } from '../../store/database/client.ts';
import type { ReadFiles } from './reading.ts';

/** Rows that go into the index together: a transaction of few costs as much as one of many. */
const rowsATime = 1000;
/** What has been measured is not kept in memory alone for longer. */
const longestMs = 1000;

/** Puts what was read into a scan's collection, many rows a transaction. */
export class Staging {
  readonly #database: Pick<Database, 'stageRecordings' | 'stageSkipped'>;
  readonly #scan: number;
  #recordings: Recording[] = [];
  #skipped: SkippedFile[] = [];
  #flushedMs = performance.now();

  constructor(database: Pick<Database, 'stageRecordings' | 'stageSkipped'>, scan: number) {
    this.#database = database;
    this.#scan = scan;
  }

  /** Resolves when there is room for more. */
  async add({ recordings, skipped }: ReadFiles): Promise<void> {
    this.#recordings.push(...recordings);
    this.#skipped.push(...skipped);
    const rows = this.#recordings.length + this.#skipped.length;
    if (rows >= rowsATime || performance.now() - this.#flushedMs > longestMs) await this.flush();
  }

  /** Resolves when everything is in the index. */
  async flush(): Promise<void> {
    const recordings = this.#recordings;
    const skipped = this.#skipped;
    this.#recordings = [];
    this.#skipped = [];
    this.#flushedMs = performance.now();
    if (recordings.length > 0) await this.#database.stageRecordings(this.#scan, recordings);
    if (skipped.length > 0) await this.#database.stageSkipped(this.#scan, skipped);
  }
}
