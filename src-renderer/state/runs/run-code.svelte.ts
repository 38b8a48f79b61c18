import {
  type RunBitrate,
  type RunLatents,
  runsBitrate,
  runsLatents,
} from '../../../src-preload/contract/commands/runs-code.ts';
import { type RunCodebooks, runsCode } from '../../../src-preload/contract/commands/runs-codebooks.ts';
import { runMeasured } from '../../../src-preload/contract/events/runs.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../shown-error.ts';

/** One validation's look at each latent dimension; each list has one number a dimension. */
export interface LatentStep {
  step: number;
  epoch: number;
  activeUnits: number;
  klNats: Float32Array;
  /** Of the code over the clips; null where the family tells no code. */
  code: { mean: Float32Array; deviation: Float32Array; low: Float32Array; high: Float32Array } | null;
  /** Mean responsibility of each component of the prior; null where it is no mixture. */
  shares: Float32Array | null;
}

/** What an answer says beside its matrices. */
type About = Omit<RunLatents, 'klNats' | 'mean' | 'deviation' | 'low' | 'high' | 'componentShares'>;

/** A step that no run reaches: what comes after it is nothing but what is said of the whole. */
const noSteps = Number.MAX_SAFE_INTEGER;

/**
 * What a run's code carries and costs. Whether it has collapsed is known from the beginning; what each dimension carried is read
 * once somebody looks, and read on with every validation.
 */
export class RunCode {
  readonly run: string;
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  #about = $state.raw<About | null>(null);
  #steps = $state.raw<readonly LatentStep[]>([]);
  #bitrate = $state.raw<RunBitrate | null>(null);
  #whole = $state(false);
  #error = $state.raw<unknown>(null);
  #bitrateError = $state.raw<unknown>(null);
  #watched = false;
  #loads = 0;
  readonly #end = new AbortController();
  readonly #stops: (() => void)[];

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>, run: string) {
    this.#host = host;
    this.run = run;
    this.#stops = [
      host.on(runMeasured, (told) => {
        if (told.run !== run) return;
        if (told.superseded) void this.load();
        // A validation's latents are written before its metrics are.
        else if (told.series.some(({ split }) => split === 'validation')) void this.#readOn();
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  /** Thresholds, what is missing and why, and whether the code is collapsed; null until it was read. */
  get about(): About | null {
    return this.#about;
  }

  /** Every validation that was kept, ascending; empty before `watch`. */
  get steps(): readonly LatentStep[] {
    return this.#steps;
  }

  /** Whether `steps` are all that there are. */
  get loaded(): boolean {
    return this.#whole;
  }

  get error(): unknown {
    return this.#error;
  }

  get bitrate(): RunBitrate | null {
    return this.#bitrate;
  }

  get bitrateError(): unknown {
    return this.#bitrateError;
  }

  /** Somebody looks at the dimensions, from now on. */
  watch(): void {
    if (this.#watched) return;
    this.#watched = true;
    void this.load();
  }

  /** Reads everything again. */
  async load(): Promise<void> {
    const load = ++this.#loads;
    await Promise.all([this.#read(load, this.#watched ? 0 : noSteps, false), this.#readBitrate(load)]);
  }

  /** What a discrete code costs, measured on the validation clips: some seconds, in the process that keeps models. */
  codebooks(): Promise<RunCodebooks> {
    return this.#host.call(runsCode, { run: this.run }, { signal: this.#end.signal });
  }

  close(): void {
    this.#end.abort();
    this.#loads++;
    for (const stop of this.#stops) stop();
  }

  async #readOn(): Promise<void> {
    const load = ++this.#loads;
    const last = this.#steps.at(-1)?.step ?? -1;
    await Promise.all([
      this.#read(load, this.#watched ? last + 1 : noSteps, this.#whole),
      this.#watched ? this.#readBitrate(load) : undefined,
    ]);
  }

  async #read(load: number, sinceStep: number, append: boolean): Promise<void> {
    try {
      const { signal } = this.#end;
      const told = await this.#host.call(runsLatents, { run: this.run, sinceStep }, { signal });
      if (load !== this.#loads) return;
      const { klNats: _kl, mean: _mean, deviation: _deviation, low: _low, high: _high, ...rest } = told;
      const { componentShares: _shares, ...about } = rest;
      this.#about = about;
      this.#error = null;
      if (sinceStep === noSteps) return;
      const rows = latentSteps(told);
      // Two readings of one validation, before and after a break: each step once.
      const from = rows[0]?.step ?? noSteps;
      this.#steps = append ? [...this.#steps.filter(({ step }) => step < from), ...rows] : rows;
      this.#whole = true;
    } catch (error) {
      if (load === this.#loads && !isCancelled(error)) this.#error = error;
    }
  }

  async #readBitrate(load: number): Promise<void> {
    if (!this.#watched) return;
    try {
      const told = await this.#host.call(runsBitrate, { run: this.run }, { signal: this.#end.signal });
      if (load !== this.#loads) return;
      this.#bitrate = told;
      this.#bitrateError = null;
    } catch (error) {
      if (load === this.#loads && !isCancelled(error)) this.#bitrateError = error;
    }
  }
}

/** The matrices of an answer as one record a validation. */
export function latentSteps(told: RunLatents): LatentStep[] {
  const { dimensions, components } = told;
  if (dimensions === null) return [];
  const row = (matrix: Float32Array, at: number): Float32Array =>
    matrix.subarray(at * dimensions, (at + 1) * dimensions);
  // Of a run whose validations told a code at times only, the matrices are not of one height.
  const hasCode = told.mean.length === told.steps.length * dimensions && told.steps.length > 0;
  return [...told.steps].map((step, at) => ({
    step,
    epoch: told.epochs[at] ?? 0,
    activeUnits: told.activeUnits[at] ?? 0,
    klNats: row(told.klNats, at),
    code: hasCode
      ? {
          mean: row(told.mean, at),
          deviation: row(told.deviation, at),
          low: row(told.low, at),
          high: row(told.high, at),
        }
      : null,
    shares:
      components === null ? null : told.componentShares.subarray(at * components, (at + 1) * components),
  }));
}
