import { type ComparedRun, runsCompare } from '../../../src-preload/contract/commands/runs-compare.ts';
import { parseVersion, versionText } from '../../../src-preload/contract/comparison/versions.ts';
import type { Caution } from '../../../src-preload/contract/comparison/cautions.ts';
import { runMeasured } from '../../../src-preload/contract/events/runs.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../shown-error.ts';

/** Live runs are asked again this often at most. */
const refreshMs = 2000;
/** While a slider is dragged, only where it rests is asked for. */
const restMs = 120;

/** What the compared runs are made of and where their curves stand, asked again as they train and as the step changes. */
export class CompareFacts {
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  #runs: readonly string[] = [];
  #atStep: number | null = null;
  #byId = $state.raw<ReadonlyMap<string, ComparedRun>>(new Map());
  #missing = $state.raw<readonly string[]>([]);
  #cautions = $state.raw<readonly Caution[]>([]);
  #error = $state.raw<unknown>(null);
  #loaded = $state(false);
  #loads = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #end = new AbortController();
  readonly #stops: (() => void)[];

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>) {
    this.#host = host;
    this.#stops = [
      host.on(runMeasured, ({ run }) => {
        if (this.#runs.some((version) => parseVersion(version).run === run)) this.#loadIn(refreshMs, false);
      }),
      host.keepLoaded(() => this.load()),
    ];
  }

  /** By the version's text: 'id', 'id@step'. */
  get(version: string): ComparedRun | undefined {
    return this.#byId.get(version);
  }

  /** Runs that were asked for and are not there. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  /** What cannot be compared between them. */
  get cautions(): readonly Caution[] {
    return this.#cautions;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get error(): unknown {
    return this.#error;
  }

  setRuns(runs: readonly string[]): void {
    if (runs.join() === this.#runs.join()) return;
    this.#runs = runs;
    this.#loadIn(0, true);
  }

  /** Asks for the values at a step too; null for none. */
  setAtStep(step: number | null): void {
    if (step === this.#atStep) return;
    this.#atStep = step;
    this.#loadIn(restMs, true);
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#runs.length === 0) return;
    const load = ++this.#loads;
    const input = { runs: [...this.#runs], ...(this.#atStep === null ? {} : { atStep: this.#atStep }) };
    try {
      const { runs, cautions, missing } = await this.#host.call(runsCompare, input, {
        signal: this.#end.signal,
      });
      if (load !== this.#loads) return;
      this.#byId = new Map(runs.map((run) => [versionText(run), run]));
      this.#cautions = cautions;
      this.#missing = missing;
      this.#error = null;
      this.#loaded = true;
    } catch (error) {
      if (load === this.#loads && !isCancelled(error)) this.#error = error;
    }
  }

  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
  }

  #loadIn(ms: number, again: boolean): void {
    if (this.#timer !== undefined && !again) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), ms);
  }
}
