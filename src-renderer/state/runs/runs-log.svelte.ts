import { runsLog } from '../../../src-preload/contract/commands/runs-live.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../shown-error.ts';

const pollMs = 1000;
/** Beyond so much the beginning is dropped: nobody scrolls through more, and the file is there. */
const keptCharacters = 1_000_000;

/** The end of a run's log, read on while it grows. */
export class RunLog {
  readonly run: string;
  readonly #host: Pick<Host, 'call'>;
  #text = $state.raw('');
  /** First and next byte; `#next` is null before anything was read. */
  #from = $state(0);
  #next: number | null = null;
  #error = $state.raw<unknown>(null);
  #loaded = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = false;
  readonly #end = new AbortController();

  constructor(host: Pick<Host, 'call'>, run: string) {
    this.#host = host;
    this.run = run;
  }

  get text(): string {
    return this.#text;
  }

  /** Whether there is more before the text. */
  get cut(): boolean {
    return this.#from > 0;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Reads on once a second until it is called again with false. */
  follow(on: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (on) void this.#readOn();
  }

  /** Reads what is new. */
  async read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const told = await this.#host.call(
        runsLog,
        { run: this.run, ...(this.#next === null ? {} : { from: this.#next }) },
        { signal: this.#end.signal },
      );
      if (this.#next !== null && told.size < this.#next) {
        // It was begun anew, as by a run that was restored from elsewhere.
        this.#next = null;
        this.#text = '';
      } else {
        const first = this.#next === null;
        if (first) this.#from = told.from;
        this.#text = trimmed(first ? told.text : this.#text + told.text);
        this.#next = told.next;
      }
      this.#error = null;
      this.#loaded = true;
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    } finally {
      this.#reading = false;
    }
  }

  /** Reads all of it, from its beginning. */
  async readAll(): Promise<void> {
    this.#next = 0;
    this.#text = '';
    this.#from = 0;
    await this.read();
  }

  close(): void {
    this.follow(false);
    this.#end.abort();
  }

  async #readOn(): Promise<void> {
    await this.read();
    if (this.#end.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#readOn(), pollMs);
  }
}

function trimmed(text: string): string {
  if (text.length <= keptCharacters) return text;
  const cut = text.slice(-keptCharacters);
  return cut.slice(cut.indexOf('\n') + 1);
}
