import {
  type ListeningSummary,
  listeningDelete,
  listeningExport,
  listeningList,
  listeningRestore,
} from '../../../src-preload/contract/commands/listening-tests.ts';
import {
  listeningTestChanged,
  listeningTestRemoved,
} from '../../../src-preload/contract/events/listening-tests.ts';
import type { Host } from '../../host.svelte.ts';
import { saveTextFile } from '../save-file.ts';
import { isCancelled } from '../shown-error.ts';

/** Every listening test, the newest first. */
export class ListeningTests {
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  #list = $state.raw<readonly ListeningSummary[]>([]);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);
  readonly #stops: (() => void)[];

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>) {
    this.#host = host;
    this.#stops = [
      host.on(listeningTestChanged, ({ test }) => {
        const others = this.#list.filter((one) => one.test !== test.test);
        this.#list = [test, ...others].sort((a, b) => b.startedMs - a.startedMs);
      }),
      host.on(listeningTestRemoved, ({ test }) => {
        this.#list = this.#list.filter((one) => one.test !== test);
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  get list(): readonly ListeningSummary[] {
    return this.#list;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  async load(): Promise<void> {
    try {
      this.#list = (await this.#host.call(listeningList, {})).tests;
      this.#error = null;
      this.#loaded = true;
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
    }
  }

  /** @throws ResynthError what the host says; also of the two below. */
  async delete(test: string): Promise<void> {
    await this.#host.call(listeningDelete, { test });
  }

  async restore(test: string): Promise<void> {
    await this.#host.call(listeningRestore, { test });
  }

  /** Saves tests as a file, a row a trial; without ids all that are over. */
  async export(tests: readonly string[], csv: boolean): Promise<void> {
    const { text } = await this.#host.call(listeningExport, { tests: [...tests], csv });
    const name = tests.length === 1 ? `listening-test-${tests[0]?.slice(0, 8)}` : 'listening-tests';
    saveTextFile(`${name}.${csv ? 'csv' : 'json'}`, text ?? '', csv ? 'text/csv' : 'application/json');
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }
}
