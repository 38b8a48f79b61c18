import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import type { App } from '../../state/app.svelte.ts';
import { RunsActions } from '../../state/runs/runs-actions.svelte.ts';
import { isCancelled } from '../../state/shown-error.ts';
import type { RunActId } from './run-acts.ts';

export type RunDialogKind = 'edit' | 'extend' | 'discard' | 'export' | 'commands';

/**
 * Carries out what was chosen from a menu or pressed as a button: at once, after a dialog, or on another screen. One for
 * a screen, which shows its dialogs (RunDialogs) and its error.
 */
export class RunDesk {
  readonly actions: RunsActions;
  readonly #app: App;
  #dialog = $state.raw<{ kind: RunDialogKind; run: RunSummary } | null>(null);
  #error = $state.raw<unknown>(null);
  #working = $state.raw<ReadonlyMap<string, RunActId>>(new Map());

  constructor(app: App) {
    this.#app = app;
    this.actions = new RunsActions(app);
  }

  get dialog(): { kind: RunDialogKind; run: RunSummary } | null {
    return this.#dialog;
  }

  closeDialog(): void {
    this.#dialog = null;
  }

  /** Why the last act was refused. */
  get error(): unknown {
    return this.#error;
  }

  clearError(): void {
    this.#error = null;
  }

  /** What is being done with a run now. */
  working(run: string): RunActId | undefined {
    return this.#working.get(run);
  }

  perform(act: RunActId, run: RunSummary): void {
    switch (act) {
      case 'edit':
      case 'extend':
      case 'discard':
      case 'export':
      case 'commands':
        this.#dialog = { kind: act, run };
        return;
      case 'fork':
        this.#app.router.go(['train'], { fork: run.run });
        return;
      case 'duplicate':
        this.#app.router.go(['train'], { duplicate: run.run });
        return;
      default:
        void this.work(act, run, () => this.#work(act, run));
    }
  }

  /** Does something with a run; what it throws is kept in `error`. False where it failed or one is under way. */
  async work(act: RunActId, run: RunSummary, work: () => Promise<void>): Promise<boolean> {
    if (this.#working.has(run.run)) return false;
    this.#working = new Map(this.#working).set(run.run, act);
    this.#error = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
      return false;
    } finally {
      const left = new Map(this.#working);
      left.delete(run.run);
      this.#working = left;
    }
  }

  /** Does something that is about several runs. */
  async workOnAll(work: () => Promise<void>): Promise<void> {
    this.#error = null;
    try {
      await work();
    } catch (error) {
      this.#error = error;
    }
  }

  #work(act: Exclude<RunActId, RunDialogKind | 'fork' | 'duplicate'>, run: RunSummary): Promise<void> {
    const { actions } = this;
    switch (act) {
      case 'pause':
        return actions.pause(run);
      case 'resume':
        return actions.resume(run);
      case 'stop':
        return actions.stop(run);
      case 'queue':
        return actions.queue(run);
      case 'unqueue':
        return actions.unqueue(run);
      case 'copy-id':
        return actions.copyId(run);
      case 'copy-folder':
        return actions.copyFolder(run);
      case 'delete':
        return actions.delete(run);
    }
  }
}
