import { type RecordingRow, recordingsList } from '../../../src-preload/contract/commands/recordings.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../../state/shown-error.ts';
import type { RecordingQuery } from './recording-query.ts';

const pageRows = 200;
/** So many rows before and after those on screen are fetched as well: what one scrolls to is mostly here already. */
const aheadRows = 120;
/** 12,000 rows: far more than anyone looks back at, far less than would be felt in memory. */
const keptPages = 60;

/**
 * The rows of a table that may be far too long to hold: pages of it, fetched as they come into view. What is on screen
 * stays until the first page of another query is here.
 */
export class RecordingPages {
  readonly #host: Host;
  readonly #dataset: string;
  #query: RecordingQuery | null = null;
  #pages = $state.raw<ReadonlyMap<number, readonly RecordingRow[]>>(new Map());
  #total = $state(0);
  #shownKey = $state('');
  #pending = $state(false);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);
  #controller = new AbortController();
  readonly #asked = new Map<number, AbortController>();
  #wanted: [number, number] = [0, 0];

  constructor(host: Host, dataset: string) {
    this.#host = host;
    this.#dataset = dataset;
  }

  /** How many rows match. */
  get total(): number {
    return this.#total;
  }

  /** Whether rows are here at all. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** What is on screen belongs to an earlier query. */
  get pending(): boolean {
    return this.#pending;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Names the query whose rows are on screen. */
  get shownKey(): string {
    return this.#shownKey;
  }

  row(index: number): RecordingRow | undefined {
    return this.#pages.get(Math.floor(index / pageRows))?.[index % pageRows];
  }

  /** Asks something else; nothing where `key` (the query, and the state of the dataset) is what is shown or asked. */
  async ask(query: RecordingQuery, key: string): Promise<void> {
    this.#cancel();
    const controller = new AbortController();
    this.#controller = controller;
    this.#query = query;
    this.#pending = true;
    try {
      const first = await this.#fetch(query, 0, controller.signal);
      if (this.#controller !== controller) return;
      this.#pages = new Map([[0, first.rows]]);
      this.#total = first.total;
      this.#shownKey = key;
      this.#loaded = true;
      this.#error = null;
      this.#pending = false;
      this.want(...this.#wanted);
    } catch (error) {
      if (this.#controller !== controller || isCancelled(error)) return;
      this.#error = error;
      this.#pending = false;
    }
  }

  /** The rows that are on screen now: fetches what is not here, and gives up what was asked for and has passed by. */
  want(from: number, to: number): void {
    this.#wanted = [from, to];
    if (this.#pending || this.#query === null) return;
    const end = Math.max(0, this.#total - 1);
    const first = Math.floor(Math.max(0, from - aheadRows) / pageRows);
    const last = Math.floor(Math.min(end, to + aheadRows) / pageRows);
    for (const [page, controller] of this.#asked) {
      if (page < first || page > last) controller.abort();
    }
    for (let page = first; page <= last; page++) {
      if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#load(page);
    }
  }

  close(): void {
    this.#cancel();
  }

  async #load(page: number): Promise<void> {
    const query = this.#query;
    if (query === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    this.#asked.set(page, controller);
    try {
      const { rows, total } = await this.#fetch(query, page, signal);
      if (signal.aborted) return;
      this.#keep(page, rows);
      this.#total = total;
      this.#error = null;
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    } finally {
      if (this.#asked.get(page) === controller) this.#asked.delete(page);
    }
  }

  #keep(page: number, rows: readonly RecordingRow[]): void {
    const pages = new Map(this.#pages).set(page, rows);
    if (pages.size > keptPages) {
      const furthest = [...pages.keys()].reduce((a, b) => (Math.abs(a - page) > Math.abs(b - page) ? a : b));
      pages.delete(furthest);
    }
    this.#pages = pages;
  }

  #fetch(
    query: RecordingQuery,
    page: number,
    signal: AbortSignal,
  ): Promise<{ rows: readonly RecordingRow[]; total: number }> {
    const input = { dataset: this.#dataset, ...query, offset: page * pageRows, limit: pageRows };
    return this.#host.call(recordingsList, input, { signal });
  }

  #cancel(): void {
    this.#controller.abort();
    for (const controller of this.#asked.values()) controller.abort();
    this.#asked.clear();
  }
}
