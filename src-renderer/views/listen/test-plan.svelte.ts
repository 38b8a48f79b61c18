import {
  type AbxDesign,
  type ListeningSide,
  listeningSave,
} from '../../../src-preload/contract/commands/listening-tests.ts';
import { stepAtOrBefore } from '../../../src-preload/contract/comparison/steps.ts';
import type { RunVersion } from '../../../src-preload/contract/comparison/versions.ts';
import { runsClips } from '../../../src-preload/contract/commands/runs-live.ts';
import type { Host } from '../../host.svelte.ts';
import { type ClipRow, clipRows } from '../../state/compare/compare-rows.ts';
import type { ClipStep, RunClip } from '../../state/runs/runs-clips.svelte.ts';

export type PlanSide = 'a' | 'b';

interface Choice {
  run: string;
  /** Null: the last one. */
  step: number | null;
  listing: { clips: readonly RunClip[]; steps: readonly ClipStep[] } | null;
  error: unknown;
}

const none: Choice = { run: '', step: null, listing: null, error: null };

/** Why a test cannot begin as it is set up. */
export type PlanGap = 'no-run' | 'reading' | 'no-steps' | 'same' | 'no-clips' | 'no-trials' | 'no-seed';

/** Seeds are unsigned 32-bit numbers. */
export const mostSeed = 4_294_967_295;

/** A listening test as it is being set up: all of it is fixed before the first sound. */
export class TestPlan {
  readonly #host: Pick<Host, 'call'>;
  /** What A is: the original, or another run. B is always a run. */
  against = $state<'original' | 'run'>('original');
  #a = $state.raw<Choice>(none);
  #b = $state.raw<Choice>(none);
  #left = $state.raw<ReadonlySet<string>>(new Set());
  trials = $state(16);
  seed = $state(randomSeed());
  listener = $state('');
  levelMatched = $state(true);

  constructor(host: Pick<Host, 'call'>) {
    this.#host = host;
  }

  choice(side: PlanSide): Choice {
    return side === 'a' ? this.#a : this.#b;
  }

  /** The step of a side: the one that was chosen, or the last that was kept; null where there is none. */
  stepOf(side: PlanSide): number | null {
    const { step, listing } = this.choice(side);
    return step ?? listing?.steps.at(-1)?.step ?? null;
  }

  async chooseRun(side: PlanSide, run: string): Promise<void> {
    if (run === this.choice(side).run) return;
    this.#put(side, { ...none, run });
    if (run === '') return;
    try {
      const { clips, steps } = await this.#host.call(runsClips, { run });
      if (this.choice(side).run !== run) return;
      this.#put(side, {
        ...this.choice(side),
        listing: { clips, steps: [...steps].sort((a, b) => a.step - b.step) },
      });
    } catch (error) {
      if (this.choice(side).run === run) this.#put(side, { ...this.choice(side), error });
    }
  }

  /** A run with the step that it is held at, if it is. */
  async chooseVersion(side: PlanSide, { run, step }: RunVersion): Promise<void> {
    await this.chooseRun(side, run);
    const kept = this.choice(side).listing?.steps.map((one) => one.step) ?? [];
    const at = step === null ? null : stepAtOrBefore(kept, step);
    if (at !== null && this.choice(side).run === run) this.chooseStep(side, at);
  }

  chooseStep(side: PlanSide, step: number): void {
    this.#put(side, { ...this.choice(side), step });
  }

  /** The clips that both sides have. */
  readonly rows: readonly ClipRow[] = $derived.by(() => {
    const sides = this.against === 'original' ? [this.#b] : [this.#a, this.#b];
    const listed = sides.map(({ run, listing }, at) => ({
      run: `${at} ${run}`,
      clips: listing?.clips ?? [],
    }));
    return clipRows(listed).filter(({ indexes }) => indexes.size === listed.length);
  });

  isTaken(row: ClipRow): boolean {
    return !this.#left.has(row.key);
  }

  take(row: ClipRow, on: boolean): void {
    const left = new Set(this.#left);
    if (on) left.delete(row.key);
    else left.add(row.key);
    this.#left = left;
  }

  readonly taken: readonly ClipRow[] = $derived.by(() => this.rows.filter((row) => this.isTaken(row)));

  /** What is still to be chosen; null where the test can begin. */
  readonly gap: PlanGap | null = $derived.by(() => {
    const sides: PlanSide[] = this.against === 'original' ? ['b'] : ['a', 'b'];
    const choices = sides.map((side) => this.choice(side));
    if (choices.some(({ run }) => run === '')) return 'no-run';
    if (choices.some(({ listing, error }) => listing === null && error === null)) return 'reading';
    if (sides.some((side) => this.stepOf(side) === null)) return 'no-steps';
    if (this.against === 'run' && this.#a.run === this.#b.run && this.stepOf('a') === this.stepOf('b'))
      return 'same';
    if (this.taken.length === 0) return 'no-clips';
    if (!Number.isInteger(this.trials) || this.trials < 1 || this.trials > 1000) return 'no-trials';
    return Number.isInteger(this.seed) && this.seed >= 0 && this.seed <= mostSeed ? null : 'no-seed';
  });

  /** The design, once nothing is missing. */
  design(): AbxDesign {
    const b: ListeningSide = { kind: 'reconstruction', run: this.#b.run, step: this.stepOf('b') };
    const a: ListeningSide =
      this.against === 'original'
        ? { kind: 'original', run: this.#b.run, step: null }
        : { kind: 'reconstruction', run: this.#a.run, step: this.stepOf('a') };
    const last = this.against === 'original' ? 0 : 1;
    return {
      ...{ kind: 'abx', listener: this.listener.trim(), trials: this.trials, seed: this.seed },
      ...{ levelMatched: this.levelMatched, a, b },
      clips: this.taken.map(({ recording, label, speaker, indexes }) => {
        const places = [...indexes.values()];
        return { recording, label, speaker, indexInA: places[0] ?? 0, indexInB: places[last] ?? 0 };
      }),
    };
  }

  /** Keeps the test with its hidden order and gives its id. @throws ResynthError what the host says. */
  async begin(): Promise<string> {
    const test = crypto.randomUUID();
    const input = { test, startedMs: Date.now(), design: this.design(), answers: [] };
    await this.#host.call(listeningSave, input);
    return test;
  }

  #put(side: PlanSide, choice: Choice): void {
    if (side === 'a') this.#a = choice;
    else this.#b = choice;
  }
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
