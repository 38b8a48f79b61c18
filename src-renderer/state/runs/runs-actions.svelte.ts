import {
  type RunSummary,
  runsDelete,
  runsExtend,
  runsPause,
  runsResume,
  runsShow,
  runsStop,
} from '../../../src-preload/contract/commands/runs.ts';
import {
  runsAnnotate,
  runsDiscard,
  runsMove,
  runsRename,
  runsRestore,
  runsUnqueue,
} from '../../../src-preload/contract/commands/runs-live.ts';
import type { App } from '../app.svelte.ts';
import { copyText } from '../clipboard.ts';
import { formatBytes, formatCount, formatCountOf } from '../format.ts';

/** What a user may write about a run. */
export interface RunAnnotation {
  name: string;
  notes: string;
  tags: string[];
  colour: string | null;
}

/**
 * What can be done with a run, from whatever screen. Each throws the ResynthError that the host gives, for the screen
 * to show where the act was; what is done and cannot be seen there is said in a toast.
 */
export class RunsActions {
  readonly #app: Pick<App, 'host' | 'toasts'>;

  constructor(app: Pick<App, 'host' | 'toasts'>) {
    this.#app = app;
  }

  async pause(run: RunSummary): Promise<void> {
    await this.#app.host.call(runsPause, { run: run.run });
  }

  /** Goes on at once, beside whatever else trains; returns when training has begun. */
  async resume(run: RunSummary): Promise<void> {
    await this.#app.host.call(runsResume, { run: run.run, detach: true });
  }

  async queue(run: RunSummary): Promise<void> {
    await this.#app.host.call(runsResume, { run: run.run, queue: true });
    this.#app.toasts.undo(`"${run.name}" is in the queue.`, () => this.unqueue(run));
  }

  async stop(run: RunSummary): Promise<void> {
    const { step } = await this.#app.host.call(runsStop, { run: run.run });
    this.#app.toasts.show(`"${run.name}" was saved at step ${formatCount(step)} and stopped.`);
  }

  /** Ends it without saving. What was saved before can be brought back. */
  async discard(run: RunSummary): Promise<void> {
    await this.#app.host.call(runsDiscard, { run: run.run });
    this.#app.toasts.undo(`"${run.name}" was discarded.`, () => this.#restore(run));
  }

  async delete(run: RunSummary): Promise<void> {
    const { freedBytes } = await this.#app.host.call(runsDelete, { run: run.run });
    const freed = freedBytes > 0 ? ` (${formatBytes(freedBytes)})` : '';
    this.#app.toasts.undo(`"${run.name}" was deleted${freed}.`, () => this.#restore(run));
  }

  /** Deletes several; those that could not be are told in the error, after all were tried. */
  async deleteAll(runs: readonly RunSummary[]): Promise<void> {
    const outcomes = await Promise.allSettled(
      runs.map((run) => this.#app.host.call(runsDelete, { run: run.run })),
    );
    const gone = runs.filter((_run, index) => outcomes[index]?.status === 'fulfilled');
    if (gone.length > 0) {
      this.#app.toasts.undo(`${formatCountOf(gone.length, 'run')} deleted.`, async () => {
        for (const run of gone) await this.#restore(run);
      });
    }
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refused) throw refused.reason;
  }

  async extend(run: RunSummary, epochs: number, queue: boolean): Promise<void> {
    await this.#app.host.call(runsExtend, {
      run: run.run,
      epochs,
      ...(queue ? { queue: true } : { detach: true }),
    });
  }

  /** Writes only what is another than before. */
  async annotate(run: RunSummary, next: RunAnnotation): Promise<void> {
    const { host } = this.#app;
    if (next.name !== run.name) await host.call(runsRename, { run: run.run, name: next.name });
    const changed = {
      ...(next.notes === run.notes ? {} : { notes: next.notes }),
      ...(JSON.stringify(next.tags) === JSON.stringify(run.tags) ? {} : { tags: next.tags }),
      ...(next.colour === null || next.colour === run.colour ? {} : { colour: next.colour }),
    };
    if (Object.keys(changed).length > 0) await host.call(runsAnnotate, { run: run.run, ...changed });
  }

  async unqueue(run: RunSummary): Promise<void> {
    await this.#app.host.call(runsUnqueue, { run: run.run });
  }

  /** @param place 1 is next. */
  async move(run: RunSummary, place: number): Promise<void> {
    await this.#app.host.call(runsMove, { run: run.run, place });
  }

  async copyFolder(run: RunSummary): Promise<void> {
    const { folder } = await this.#app.host.call(runsShow, { run: run.run });
    await this.copy(folder, 'The folder');
  }

  async copyId(run: RunSummary): Promise<void> {
    await this.copy(run.run, 'The id');
  }

  async copy(text: string, what: string): Promise<void> {
    if (await copyText(text)) this.#app.toasts.show(`${what} was copied: ${text}`);
    else this.#app.toasts.show(`The browser did not let it be copied: ${text}`, { tone: 'bad' });
  }

  async #restore(run: RunSummary): Promise<void> {
    await this.#app.host.call(runsRestore, { run: run.run });
  }
}
