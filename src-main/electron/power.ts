import type { PowerSaveBlocker } from 'electron';

/** Keeps the machine from going to sleep while runs train; the screen may go dark. */
export class TrainingWatch {
  readonly #blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  #id: number | null = null;
  #runs = 0;
  #ours = false;

  constructor(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>) {
    this.#blocker = blocker;
  }

  /** Runs that train now and that closing this window may end. */
  get ownRuns(): number {
    return this.#ours ? this.#runs : 0;
  }

  hear({ runs, ours }: { runs: number; ours: boolean }): void {
    this.#runs = runs;
    this.#ours = ours;
    if (runs > 0) this.#id ??= this.#blocker.start('prevent-app-suspension');
    else if (this.#id !== null) {
      this.#blocker.stop(this.#id);
      this.#id = null;
    }
  }
}
