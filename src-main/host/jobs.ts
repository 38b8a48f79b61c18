import { randomUUID } from 'node:crypto';
import type { CommandContext, ProgressEvent } from '../../src-preload/contract/command.ts';
import type { Job } from '../../src-preload/contract/commands/host.ts';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { EventHub } from '../../src-preload/contract/event-hub.ts';
import { jobChanged } from '../../src-preload/contract/events/host.ts';
import { RecentRate } from './recent-rate.ts';

export interface JobsOptions {
  hub: Pick<EventHub, 'publish'>;
  /** Jobs that have ended and are still listed. */
  kept?: number;
  /** Milliseconds; tests put their own in. */
  now?: () => number;
}

/** What a job is, before it begins. */
export interface JobDescription {
  command: string;
  title: string;
  subject: string | null;
}

type JobContext = Pick<CommandContext, 'progress' | 'signal'>;

interface Live {
  job: Job;
  controller: AbortController;
  rate: RecentRate;
  publishedMs: number;
  timer: NodeJS.Timeout | null;
}

/** A job is told at most so often: a window draws no faster. */
const publishEveryMs = 200;
const warningsKept = 100;

/** Long work that the host does for somebody: watched by all clients, cancelled by any. */
export class Jobs {
  readonly #hub: Pick<EventHub, 'publish'>;
  readonly #kept: number;
  readonly #now: () => number;
  readonly #live = new Map<string, Live>();
  /** Ended ones, the newest first. */
  #ended: Job[] = [];

  constructor({ hub, kept = 50, now = Date.now }: JobsOptions) {
    this.#hub = hub;
    this.#kept = kept;
    this.#now = now;
  }

  /** Those that run, the newest first, then those that ended of late. */
  list(): Job[] {
    const live = [...this.#live.values()].map(({ job }) => job).reverse();
    return structuredClone([...live, ...this.#ended]);
  }

  /** How many run now. */
  get running(): number {
    return this.#live.size;
  }

  /**
   * Does `work` as a job: its progress goes to the caller and to every client, and it ends when the caller's signal or
   * `cancel` says so. Rejects with what `work` throws.
   */
  async run<Result>(
    description: JobDescription,
    caller: JobContext,
    work: (context: JobContext) => Promise<Result>,
  ): Promise<Result> {
    const live: Live = {
      job: {
        id: randomUUID(),
        ...description,
        state: 'running',
        startedMs: this.#now(),
        endedMs: null,
        stage: '',
        done: null,
        total: null,
        unit: null,
        detail: null,
        rate: null,
        etaSec: null,
        warnings: [],
        error: null,
      },
      controller: new AbortController(),
      rate: new RecentRate(),
      publishedMs: Number.NEGATIVE_INFINITY,
      timer: null,
    };
    this.#live.set(live.job.id, live);
    this.#publish(live);
    try {
      const result = await work({
        signal: AbortSignal.any([caller.signal, live.controller.signal]),
        progress: (event) => {
          this.#progress(live, event);
          caller.progress(event);
        },
      });
      this.#end(live, 'done', null);
      return result;
    } catch (thrown) {
      const error = asResynthError(thrown);
      const cancelled = live.controller.signal.aborted || caller.signal.aborted;
      if (cancelled || error.code === 'internal/cancelled') this.#end(live, 'cancelled', null);
      else this.#end(live, 'failed', error);
      throw thrown;
    }
  }

  /**
   * Tells a job to end where it is safe; one that has ended stays as it is.
   *
   * @throws ResynthError host/job-unknown.
   */
  cancel(id: string): Job {
    const live = this.#live.get(id);
    if (live) {
      live.controller.abort(new ResynthError('internal/cancelled'));
      return structuredClone(live.job);
    }
    const ended = this.#ended.find((job) => job.id === id);
    if (!ended) throw new ResynthError('host/job-unknown', { job: id });
    return structuredClone(ended);
  }

  /** Tells every job to end: the host closes. */
  cancelAll(): void {
    for (const id of [...this.#live.keys()]) this.cancel(id);
  }

  #progress(live: Live, event: ProgressEvent): void {
    const { job } = live;
    if (event.warning !== undefined) {
      if (job.warnings.length < warningsKept) job.warnings.push(event.warning);
    } else {
      if (event.stage !== job.stage) live.rate = new RecentRate();
      job.stage = event.stage;
      job.done = event.done ?? null;
      job.total = event.total ?? null;
      job.unit = event.unit ?? null;
      job.detail = event.detail ?? null;
      if (event.done !== undefined) live.rate.add(this.#now(), event.done);
      job.rate = live.rate.perSecond;
      job.etaSec = etaOf(job);
    }
    this.#publishSoon(live);
  }

  #end(live: Live, state: Job['state'], error: ResynthError | null): void {
    const { job } = live;
    this.#live.delete(job.id);
    job.state = state;
    job.endedMs = this.#now();
    job.etaSec = null;
    job.error = error && { code: error.code, message: error.message, remedy: error.remedy };
    // What was refused before it began has been told to who asked; there is nothing to look up later.
    const refused = state === 'failed' && job.stage === '' && job.warnings.length === 0;
    if (!refused) this.#ended = [job, ...this.#ended].slice(0, this.#kept);
    this.#publish(live);
  }

  #publishSoon(live: Live): void {
    if (live.timer) return;
    const waitMs = live.publishedMs + publishEveryMs - this.#now();
    if (waitMs <= 0) this.#publish(live);
    else live.timer = setTimeout(() => this.#publish(live), waitMs).unref();
  }

  #publish(live: Live): void {
    if (live.timer) clearTimeout(live.timer);
    live.timer = null;
    live.publishedMs = this.#now();
    this.#hub.publish(jobChanged, { job: live.job });
  }
}

function etaOf({ done, total, rate }: Job): number | null {
  if (done === null || total === null || rate === null || rate <= 0) return null;
  return Math.max(0, total - done) / rate;
}
