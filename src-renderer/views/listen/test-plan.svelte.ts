import {
  type AbxDesign,
  type ListeningSide,
  listeningSave,
} from '../../../src-preload/contract/commands/listening-tests.ts';
import { stepAtOrBefore } from '../../../src-preload/contract/comparison/steps.ts';
import type { RunVersion } from '../../../src-preload/contract/comparison/versions.ts';
import type { OtherSystem } from '../../../src-preload/contract/comparison/other-systems.ts';
import { runsClip, runsClips } from '../../../src-preload/contract/commands/runs-live.ts';
import type { Host } from '../../host.svelte.ts';
import { type ClipRow, clipRows } from '../../state/compare/compare-rows.ts';
import type { ClipStep, RunClip } from '../../state/runs/runs-clips.svelte.ts';

export type PlanSide = 'a' | 'b';
/** What a run is chosen for: a side, or the clips of a test in which no side is a run. */
export type RunPlace = PlanSide | 'clips';

interface Choice {
  run: string;
  /** Heard in the place of a run. */
  other: OtherSystem | null;
  /** Null: the last one. */
  step: number | null;
  listing: { clips: readonly RunClip[]; steps: readonly ClipStep[] } | null;
  error: unknown;
}

const none: Choice = { run: '', other: null, step: null, listing: null, error: null };

/** Why a test cannot begin as it is set up. */
export type PlanGap =
  'no-run' | 'no-clips-of' | 'reading' | 'no-steps' | 'same' | 'no-clips' | 'no-trials' | 'no-seed';

/** Seeds are unsigned 32-bit numbers. */
export const mostSeed = 4_294_967_295;

/** A listening test as it is being set up: all of it is fixed before the first sound. */
export class TestPlan {
  readonly #host: Pick<Host, 'call'>;
  /** What A is: the original, or another run or system. */
  against = $state<'original' | 'run'>('original');
  #a = $state.raw<Choice>(none);
  #b = $state.raw<Choice>(none);
  #clips = $state.raw<Choice>(none);
  #left = $state.raw<ReadonlySet<string>>(new Set());
  trials = $state(16);
  seed = $state(randomSeed());
  listener = $state('');
  levelMatched = $state(true);

  constructor(host: Pick<Host, 'call'>) {
    this.#host = host;
  }

  choice(side: RunPlace): Choice {
    return side === 'a' ? this.#a : side === 'b' ? this.#b : this.#clips;
  }

  /** The sides that are chosen: A may be the original of B. */
  get sides(): readonly PlanSide[] {
    return this.against === 'original' ? ['b'] : ['a', 'b'];
  }

  /** Where the clips are from: the sides that are runs, or a run of its own for that. */
  readonly clipPlaces: readonly RunPlace[] = $derived.by(() => {
    const runs = this.sides.filter((side) => this.choice(side).other === null);
    return runs.length > 0 ? runs : ['clips'];
  });

  /** A side is what another system made of the clips. */
  chooseOther(side: PlanSide, other: OtherSystem): void {
    this.#put(side, { ...none, other });
  }

  /** The step of a side: the one that was chosen, or the last that was kept; null where there is none. */
  stepOf(side: RunPlace): number | null {
    const { step, listing } = this.choice(side);
    return step ?? listing?.steps.at(-1)?.step ?? null;
  }

  async chooseRun(side: RunPlace, run: string): Promise<void> {
    if (run === this.choice(side).run && run !== '') return;
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

  chooseStep(side: RunPlace, step: number): void {
    this.#put(side, { ...this.choice(side), step });
  }

  /** The clips that both sides have. */
  readonly rows: readonly ClipRow[] = $derived.by(() => {
    const listed = this.clipPlaces.map((place) => ({
      run: place,
      clips: this.choice(place).listing?.clips ?? [],
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
    const choices = this.clipPlaces.map((place) => this.choice(place));
    if (choices.some(({ run }) => run === ''))
      return this.clipPlaces[0] === 'clips' ? 'no-clips-of' : 'no-run';
    if (choices.some(({ listing, error }) => listing === null && error === null)) return 'reading';
    if (this.clipPlaces.some((place) => place !== 'clips' && this.stepOf(place) === null)) return 'no-steps';
    if (this.against === 'run' && JSON.stringify(this.#sideOf('a')) === JSON.stringify(this.#sideOf('b')))
      return 'same';
    if (this.taken.length === 0) return 'no-clips';
    if (!Number.isInteger(this.trials) || this.trials < 1 || this.trials > 1000) return 'no-trials';
    return Number.isInteger(this.seed) && this.seed >= 0 && this.seed <= mostSeed ? null : 'no-seed';
  });

  /** The design, once nothing is missing. */
  design(): AbxDesign {
    const b = this.#sideOf('b');
    const a: ListeningSide =
      this.against === 'original' ? { kind: 'original', run: b.run, step: null } : this.#sideOf('a');
    return {
      ...{ kind: 'abx', listener: this.listener.trim(), trials: this.trials, seed: this.seed },
      ...{ levelMatched: this.levelMatched, a, b },
      clips: this.taken.map(({ recording, label, speaker, indexes }) => {
        const first = indexes.get(this.clipPlaces[0] ?? 'clips') ?? 0;
        const [indexInA, indexInB] = [indexes.get('a') ?? first, indexes.get('b') ?? first];
        return { recording, label, speaker, indexInA, indexInB };
      }),
    };
  }

  /** What is heard as a side; of another system, beside the clips of the run that has them. */
  #sideOf(side: PlanSide): ListeningSide {
    const { run, other } = this.choice(side);
    if (!other) return { kind: 'reconstruction', run, step: this.stepOf(side) };
    return { ...other, run: this.choice(this.clipPlaces[0] ?? 'clips').run, step: null };
  }

  /**
   * Keeps the test with its hidden order and gives its id. Every clip of another system is made first: one that it lacks
   * would end the test in its middle.
   *
   * @throws ResynthError what the host says.
   */
  async begin(): Promise<string> {
    const test = crypto.randomUUID();
    const design = this.design();
    for (const clip of design.clips) {
      for (const [{ kind, run, system }, at] of [
        [design.a, clip.indexInA],
        [design.b, clip.indexInB],
      ] as const) {
        if (system !== undefined)
          await this.#host.call(runsClip, { run, clip: at, kind, system, sound: false });
      }
    }
    const input = { test, startedMs: Date.now(), design, answers: [] };
    await this.#host.call(listeningSave, input);
    return test;
  }

  #put(side: RunPlace, choice: Choice): void {
    if (side === 'a') this.#a = choice;
    else if (side === 'b') this.#b = choice;
    else this.#clips = choice;
  }
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
