import { type DoctorReport, doctor } from '../../src-preload/contract/commands/doctor.ts';
import type { Host } from '../host.svelte.ts';

/** What computes on this machine. Looked at once, quickly, as the first look costs a process. */
export class Engine {
  readonly #host: Host;
  #report = $state.raw<DoctorReport | null>(null);
  #error = $state.raw<unknown>(null);
  #looking = $state(false);

  constructor(host: Host) {
    this.#host = host;
  }

  get report(): DoctorReport | null {
    return this.#report;
  }

  get error(): unknown {
    return this.#error;
  }

  get looking(): boolean {
    return this.#looking;
  }

  /** Looks; with `quick` false it also measures the speed, which takes some seconds of the whole machine. */
  async look(quick: boolean): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.#report = await this.#host.call(doctor, { quick });
      this.#error = null;
    } catch (error) {
      this.#error = error;
    } finally {
      this.#looking = false;
    }
  }
}
