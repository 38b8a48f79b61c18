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
import { KeptList, type KeptListOf } from '../kept-list.svelte.ts';
import { saveTextFile } from '../save-file.ts';

const kept: KeptListOf<ListeningSummary> = {
  read: async (host) => (await host.call(listeningList, {})).tests,
  idOf: ({ test }) => test,
  order: (a, b) => b.startedMs - a.startedMs,
  watch: (host, { changed, removed }) => [
    host.on(listeningTestChanged, ({ test }) => changed(test)),
    host.on(listeningTestRemoved, ({ test }) => removed(test)),
  ],
};

/** Every listening test, the newest first. */
export class ListeningTests extends KeptList<ListeningSummary> {
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>) {
    super(host, kept);
    this.#host = host;
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
}
