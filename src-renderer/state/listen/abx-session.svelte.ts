import type { AbxAnswer } from '../../../src-preload/contract/commands/listening-tests.ts';
import { type AbxTrialOrder, abxOrder } from '../../../src-preload/contract/listening/abx-order.ts';

export type AbxSide = 'a' | 'b';
/** What a listener may ask for. */
export type AbxSound = AbxSide | 'x';

/** Why X cannot be named yet. */
export type AbxRefusal = 'not-begun' | 'hear-x' | 'hear-one' | 'over';

export interface AbxPlan {
  seed: number;
  trials: number;
  /** How many clips there are. */
  clips: number;
}

/**
 * One listener's way through an ABX test: which trial it is, what was heard in it, and what was answered. Of the hidden
 * order it gives out what has to be played and nothing else; whether an answer was right it does not know.
 */
export class AbxSession {
  readonly #order: readonly AbxTrialOrder[];
  #answers = $state.raw<readonly AbxAnswer[]>([]);
  #heard = $state.raw<Readonly<Record<AbxSound, number>>>({ a: 0, b: 0, x: 0 });
  #now = $state<AbxSound | null>(null);
  #begunMs = $state<number | null>(null);

  constructor({ seed, trials, clips }: AbxPlan, answers: readonly AbxAnswer[] = []) {
    this.#order = abxOrder(seed, trials, clips);
    this.#answers = answers;
  }

  get trials(): number {
    return this.#order.length;
  }

  get answers(): readonly AbxAnswer[] {
    return this.#answers;
  }

  /** The trial that it is, 0 for the first; null where all were answered. */
  get trial(): number | null {
    return this.#answers.length < this.#order.length ? this.#answers.length : null;
  }

  /** The clip of a trial. */
  clipOf(trial: number): number | null {
    return this.#order[trial]?.clip ?? null;
  }

  /** What was asked for last in this trial. */
  get now(): AbxSound | null {
    return this.#now;
  }

  /** Whether something was heard in this trial. */
  wasHeard(sound: AbxSound): boolean {
    return this.#heard[sound] > 0;
  }

  /** The sounds of the trial are here: its time runs. Again is no matter. */
  begin(nowMs: number): void {
    if (this.trial !== null) this.#begunMs ??= nowMs;
  }

  get begun(): boolean {
    return this.#begunMs !== null;
  }

  /** Notes what is heard, and says which side has to be played for it; null where there is nothing to hear. */
  hear(sound: AbxSound): AbxSide | null {
    const { trial } = this;
    if (trial === null || !this.begun) return null;
    this.#now = sound;
    this.#heard = { ...this.#heard, [sound]: this.#heard[sound] + 1 };
    return sound === 'x' ? (this.#order[trial]?.x ?? null) : sound;
  }

  /** Why no answer is taken now; null where one is. Whoever has not listened can only guess. */
  get refusal(): AbxRefusal | null {
    if (this.trial === null) return 'over';
    if (!this.begun) return 'not-begun';
    if (!this.wasHeard('x')) return 'hear-x';
    return this.wasHeard('a') || this.wasHeard('b') ? null : 'hear-one';
  }

  /** Takes X for one of the two, and goes on to the next trial. Gives why not, where it is not taken. */
  answer(answer: AbxSide, nowMs: number, wallMs: number): AbxRefusal | null {
    const { refusal } = this;
    if (refusal !== null) return refusal;
    const { a, b, x } = this.#heard;
    const tookMs = Math.max(0, nowMs - (this.#begunMs ?? nowMs));
    const done: AbxAnswer = { answer, answeredMs: wallMs, tookMs, heardA: a, heardB: b, heardX: x };
    this.#answers = [...this.#answers, done];
    this.#heard = { a: 0, b: 0, x: 0 };
    this.#now = null;
    this.#begunMs = null;
    return null;
  }
}
