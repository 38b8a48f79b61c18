import { runsClips } from '../../../src-preload/contract/commands/runs-live.ts';
import type { RunVersion } from '../../../src-preload/contract/comparison/versions.ts';
import type { OtherSystem } from '../../../src-preload/contract/comparison/other-systems.ts';
import { stepAtOrBefore, unionOfSteps } from '../../../src-preload/contract/comparison/steps.ts';
import { runClipsDecoded } from '../../../src-preload/contract/events/runs.ts';
import type { Host } from '../../host.svelte.ts';
import { ClipMedia, type ClipRequest } from '../clip-media.svelte.ts';
import { type DbScale, commonScale } from './compare-picture.ts';
import { type ClipRow, clipRows } from './compare-rows.ts';
import type { ClipStep, RunClip } from '../runs/runs-clips.svelte.ts';
import { isCancelled } from '../shown-error.ts';

/** The clips of one run, as far as they are known. */
export interface RunListing {
  clips: readonly RunClip[];
  /** Ascending. */
  steps: readonly ClipStep[];
  loaded: boolean;
  error: unknown;
}

const unknown: RunListing = { clips: [], steps: [], loaded: false, error: null };

/**
 * What a column of the grid shows: the recording itself, the best that could come back, what a run made of it, where the
 * slider is or held at a step, or what another system made of it.
 */
export type Column =
  | { kind: 'original' }
  | { kind: 'ceiling' }
  | { kind: 'reconstruction'; run: string; step: number | null }
  | OtherSystem;

/**
 * The validation clips of several runs, one step for all. The slider stops at every step that any of them kept; a run that
 * did not keep that one shows its last before it, under its real number. What a cell shows is always of the step that is
 * written on it: until a picture is here, the cell waits.
 */
export class CompareClips {
  readonly media: ClipMedia;
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  /** The runs of the columns, each once. */
  #runs = $state.raw<readonly string[]>([]);
  /** Those that the slider moves. */
  #moved = $state.raw<readonly string[]>([]);
  /** Rates of the runs, as far as they are known. */
  #rates = $state.raw<ReadonlyMap<string, number>>(new Map());
  #listings = $state.raw<ReadonlyMap<string, RunListing>>(new Map());
  #chosen = $state<number | 'latest'>('latest');
  readonly #end = new AbortController();
  readonly #stops: (() => void)[];

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>) {
    this.#host = host;
    this.media = new ClipMedia(host);
    this.#stops = [
      host.on(runClipsDecoded, ({ run, ...step }) => {
        const listing = this.#listings.get(run);
        if (!listing?.loaded) return;
        // The first step of a run brings its clips; a resume went back behind the steps that come again.
        if (listing.clips.length === 0) void this.#load(run);
        else this.#put(run, { steps: [...listing.steps.filter((one) => one.step < step.step), step] });
      }),
      host.keepLoaded(async () => {
        await Promise.all(this.#runs.map((run) => this.#load(run)));
      }),
    ];
  }

  /** The runs of the columns, in their order, each whole or held at a step. Those that are new are read. */
  setRuns(versions: readonly RunVersion[]): void {
    const runs = [...new Set(versions.map(({ run }) => run))];
    const moved = runs.filter((run) => versions.some((one) => one.run === run && one.step === null));
    this.#runs = runs;
    this.#moved = moved;
    for (const run of runs) {
      if (this.#listings.has(run)) continue;
      this.#put(run, {});
      void this.#load(run);
    }
  }

  /** At which rate each run works: originals are taken from the one that has the most of them. */
  setRates(rates: ReadonlyMap<string, number>): void {
    this.#rates = rates;
  }

  listing(run: string): RunListing {
    return this.#listings.get(run) ?? unknown;
  }

  /** Whether all that is to be known of this run's clips has come, well or not. */
  isRead(run: string): boolean {
    const { loaded, error } = this.listing(run);
    return loaded || error !== null;
  }

  readonly rows: readonly ClipRow[] = $derived.by(() =>
    clipRows(this.#runs.map((run) => ({ run, clips: this.listing(run).clips }))),
  );

  /** Every step at which any of the runs that the slider moves decoded its clips, ascending. */
  readonly steps: readonly number[] = $derived.by(() =>
    unionOfSteps(this.#moved.map((run) => this.listing(run).steps.map(({ step }) => step))),
  );

  /** Whether all that is to be known of the runs has come, well or not. */
  readonly settled: boolean = $derived.by(() => this.#runs.every((run) => this.isRead(run)));

  /** Where the slider is; null where nothing was decoded yet. */
  get step(): number | null {
    const last = this.steps.at(-1) ?? null;
    return this.#chosen === 'latest'
      ? last
      : (stepAtOrBefore(this.steps, this.#chosen) ?? this.steps[0] ?? null);
  }

  /** The last step of each run is shown, also when it gets further. */
  get following(): boolean {
    return this.#chosen === 'latest';
  }

  choose(step: number | 'latest'): void {
    this.#chosen = step;
  }

  /** Moves the slider by so many of its stops. */
  move(by: number): void {
    const at = this.steps.indexOf(this.step ?? -1);
    const to = this.steps[Math.min(this.steps.length - 1, Math.max(0, at + by))];
    if (to !== undefined) this.choose(to === this.steps.at(-1) && by > 0 ? 'latest' : to);
  }

  /** The step of a run that is shown: the last one it kept that is not ahead of the slider, or of the step it is held at. */
  shownStep(run: string, held: number | null = null): ClipStep | null {
    const { steps } = this.listing(run);
    const step = held ?? this.step;
    if (step === null) return null;
    const shown = stepAtOrBefore(
      steps.map((one) => one.step),
      step,
    );
    return steps.find((one) => one.step === shown) ?? null;
  }

  /** What a cell shows; null where that column has nothing for that row: another run's clips, or no step so early. */
  request(row: ClipRow, column: Column): ClipRequest | null {
    if (column.kind === 'reconstruction') {
      const clip = row.indexes.get(column.run);
      const step = this.shownStep(column.run, column.step)?.step;
      if (clip === undefined || step === undefined) return null;
      return { run: column.run, clip, kind: 'reconstruction', step };
    }
    // The same whichever run it is asked of, where they are fed alike: that of the first that has it. Where their rates
    // differ, the one with most of the sound: what all others are put beside has to lack nothing.
    const run = this.#runs
      .filter((one) => row.indexes.has(one))
      .reduce<string | undefined>(
        (best, one) => (best === undefined || this.#rateOf(one) > this.#rateOf(best) ? one : best),
        undefined,
      );
    const clip = run === undefined ? undefined : row.indexes.get(run);
    if (run === undefined || clip === undefined) return null;
    return { run, clip, step: null, ...column };
  }

  /** Has fetched what the columns show, the rows from the top. */
  want(columns: readonly Column[]): void {
    const requests = this.rows.flatMap((row) => columns.map((column) => this.request(row, column)));
    this.media.want(requests.filter((request) => request !== null));
  }

  /**
   * The one scale of all pictures: known once each run has shown its own, so that no picture changes its colours after it
   * was seen. Null before.
   */
  scale(columns: readonly Column[]): DbScale | null {
    const scales = new Map<string, DbScale | null>();
    for (const row of this.rows) {
      for (const column of columns) {
        const request = this.request(row, column);
        if (!request || scales.get(request.run)) continue;
        const known = this.media.picture(request);
        scales.set(request.run, known.state === 'ready' ? known.picture : null);
        if (known.state === 'failed') scales.delete(request.run);
      }
    }
    const known = [...scales.values()];
    return known.length === 0 || known.includes(null)
      ? null
      : commonScale(known.filter((one) => one !== null));
  }

  close(): void {
    this.#end.abort();
    for (const stop of this.#stops) stop();
    this.media.close();
  }

  #rateOf(run: string): number {
    return this.#rates.get(run) ?? 0;
  }

  async #load(run: string): Promise<void> {
    try {
      const { clips, steps } = await this.#host.call(runsClips, { run }, { signal: this.#end.signal });
      this.#put(run, { clips, steps: [...steps].sort((a, b) => a.step - b.step), loaded: true, error: null });
    } catch (error) {
      if (!isCancelled(error)) this.#put(run, { error });
    }
  }

  #put(run: string, part: Partial<RunListing>): void {
    this.#listings = new Map(this.#listings).set(run, { ...this.listing(run), ...part });
  }
}
