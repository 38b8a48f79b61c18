import { isCancelled } from './shown-error.ts';

/**
 * One thing that a button does: whether it is under way and how it failed, to be shown where the button is.
 *
 *   const rescan = new Act();
 *   <Button busy={rescan.busy} onclick={() => rescan.run(() => host.call(...))}>  <ErrorNote error={rescan.error} />
 */
export class Act {
  #busy = $state(false);
  #error = $state.raw<unknown>(null);

  get busy(): boolean {
    return this.#busy;
  }

  /** What it threw the last time; null while it is under way, and where it went well or was cancelled. */
  get error(): unknown {
    return this.#error;
  }

  /** Does it, unless it is being done. Undefined where it failed or was not begun; the error is then in `error`. */
  async run<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    if (this.#busy) return undefined;
    this.#busy = true;
    this.#error = null;
    try {
      return await work();
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
      return undefined;
    } finally {
      this.#busy = false;
    }
  }

  clear(): void {
    this.#error = null;
  }
}
