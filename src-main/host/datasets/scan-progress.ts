import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { countFiles } from '../../corpora/scout.ts';

/** A count is begun for folders that take longer than this; smaller ones are read by then. */
const countAfterMs = 300;
/** A terminal or window shows no more often. */
const reportEveryMs = 50;

/** Tells how far the reading of a folder is. How many files there are is counted ahead, by their names. */
export class ScanProgress {
  readonly #report: (event: ProgressEvent) => void;
  readonly #counting = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #found = 0;
  #done = 0;
  #total: number | undefined;
  #reportedMs = 0;

  constructor(folder: string, layout: string, report: (event: ProgressEvent) => void) {
    this.#report = report;
    this.#timer = setTimeout(() => {
      const counted = (files: number, ended: boolean) => {
        if (ended) this.#total ??= Math.max(files, this.#found);
      };
      // It only makes the progress more telling; what is wrong with the folder is the scan's to say.
      countFiles(folder, layout, counted, this.#counting.signal).catch(() => undefined);
    }, countAfterMs).unref();
  }

  /** So many more entries have been found. */
  found(entries: number): void {
    this.#found += entries;
    if (this.#total !== undefined) this.#total = Math.max(this.#total, this.#found);
  }

  /** So many more of them are done with. */
  done(entries: number): void {
    this.#done += entries;
    const nowMs = performance.now();
    if (nowMs - this.#reportedMs < reportEveryMs && this.#done !== this.#total) return;
    this.#reportedMs = nowMs;
    const total = this.#total === undefined ? {} : { total: this.#total };
    this.#report({ stage: 'Reading recordings', done: this.#done, ...total, unit: 'files' });
  }

  /** All that there is has been found. */
  allFound(): void {
    this.#total = this.#found;
    this.end();
    this.done(0);
  }

  /** Ends the counting. */
  end(): void {
    clearTimeout(this.#timer);
    this.#counting.abort();
  }
}
