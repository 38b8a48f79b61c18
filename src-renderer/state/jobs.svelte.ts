import { type Job, jobsCancel, jobsList } from '../../src-preload/contract/commands/host.ts';
import { jobChanged } from '../../src-preload/contract/events/host.ts';
import type { Host } from '../host.svelte.ts';

/** What the host is doing, and what it did of late: newest first. */
export class Jobs {
  readonly #host: Host;
  #byId = $state.raw<ReadonlyMap<string, Job>>(new Map());
  /** Ended ones that the user has put away in this window. */
  #dismissed = $state.raw<ReadonlySet<string>>(new Set());

  constructor(host: Host) {
    this.#host = host;
    host.on(jobChanged, ({ job }) => {
      const byId = new Map(this.#byId).set(job.id, job);
      // Refused before it began: who asked has been told, and it is nothing that went wrong.
      if (job.state === 'failed' && job.stage === '' && job.warnings.length === 0) byId.delete(job.id);
      this.#byId = byId;
    });
    host.keepLoaded(async () => {
      const { jobs } = await host.call(jobsList, {});
      this.#byId = new Map(jobs.map((job) => [job.id, job]));
    });
  }

  readonly #shown = $derived(
    [...this.#byId.values()]
      .filter((job) => !this.#dismissed.has(job.id))
      .sort((a, b) => b.startedMs - a.startedMs),
  );

  get list(): readonly Job[] {
    return this.#shown;
  }

  readonly #running = $derived(this.#shown.filter((job) => job.state === 'running'));

  get running(): readonly Job[] {
    return this.#running;
  }

  get(id: string): Job | undefined {
    return this.#byId.get(id);
  }

  /** The newest job that carries out a command, about a dataset or run where one is given. */
  latest(command: string, subject?: string): Job | undefined {
    return this.#shown.find(
      (job) => job.command === command && (subject === undefined || job.subject === subject),
    );
  }

  /** @throws ResynthError what the host says, such as that it has ended meanwhile. */
  async cancel(id: string): Promise<void> {
    await this.#host.call(jobsCancel, { job: id });
  }

  /** Takes an ended job off the list. */
  dismiss(id: string): void {
    this.#dismissed = new Set(this.#dismissed).add(id);
  }

  dismissEnded(): void {
    const ended = this.#shown.filter((job) => job.state !== 'running').map((job) => job.id);
    this.#dismissed = new Set([...this.#dismissed, ...ended]);
  }
}
