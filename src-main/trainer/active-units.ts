import type { OutputValue } from '../engine/program.ts';

/** A dimension whose mean KL is below this tells the decoder nothing that could be heard or seen, in nats. */
export const activeAboveNats = 0.01;

/**
 * For how long validations have to find a collapsed code before it is told: early in training, with the first small steps
 * of a warm-up, every code is. An epoch of a small dataset is a few steps, so that counting validations alone tells nothing.
 */
const tellAfterValidations = 2;
const tellAfterSteps = 100;

/** A smaller share of active dimensions is worth an alarm: most of the code is sent for nothing. */
export const alarmBelowShare = 0.1;

/** How many of the dimensions with these mean KLs, in nats, are active. */
export function countActive(klPerDimension: readonly number[]): number {
  return klPerDimension.filter((nats) => nats > activeAboveNats).length;
}

/** A code of which the validations up to the last one have found too little used. */
export interface UnusedCode {
  activeUnits: number;
  dimensions: number;
  /** The first validation of those that found it so without a break, and the last. */
  sinceStep: number;
  step: number;
}

/**
 * Whether the code is collapsed or mostly unused now: the last validations, two at least and over a hundred steps at least,
 * all found fewer than a tenth of the dimensions active. Null where that is not so.
 *
 * @param rows by step
 */
export function findUnusedCode(
  rows: readonly { step: number; klPerDimension: readonly number[] }[],
): UnusedCode | null {
  const last = rows.at(-1);
  if (!last) return null;
  const isUnused = ({ klPerDimension }: { klPerDimension: readonly number[] }): boolean =>
    countActive(klPerDimension) < alarmBelowShare * klPerDimension.length;
  const from = rows.findLastIndex((row) => !isUnused(row)) + 1;
  const first = rows[from];
  if (!first) return null;
  const lasting = rows.length - from >= tellAfterValidations && last.step - first.step >= tellAfterSteps;
  if (!lasting) return null;
  return {
    activeUnits: countActive(last.klPerDimension),
    dimensions: last.klPerDimension.length,
    sinceStep: first.step,
    step: last.step,
  };
}

/** The KL of each latent dimension over a whole validation, from its batches. */
export class KlPerDimension {
  #sums: Float64Array | null = null;
  #clips = 0;

  /** Takes the outputs of one batch of `clips` real clips. */
  add({ klPerDimension }: Record<string, OutputValue>, clips: number): void {
    if (!klPerDimension) return;
    this.#sums ??= new Float64Array(klPerDimension.data.length);
    this.#clips += clips;
    for (const [dimension, value] of klPerDimension.data.entries())
      this.#sums[dimension] = (this.#sums[dimension] ?? 0) + value * clips;
  }

  /** The mean over all clips of the validation, in nats; null where the family does not say. */
  means(): number[] | null {
    return this.#sums && [...this.#sums].map((sum) => sum / this.#clips);
  }

  /**
   * `activeUnits`: dimensions that carry more than 0.01 nats, a mean over all clips of the validation. Nothing where the
   * family does not say.
   */
  values(): Record<string, number> {
    if (!this.#sums) return {};
    const floor = activeAboveNats * this.#clips;
    return { activeUnits: this.#sums.filter((sum) => sum > floor).length };
  }
}

/** Tells once, in words, when the code of a model has collapsed: no dimension of it carries anything. */
export class CollapseAlarm {
  #inARow = 0;
  #sinceStep = 0;
  #told = false;

  /** What there is to tell after a validation, mostly null. `kl` counts: without a price on it nothing can collapse. */
  heed(
    values: Readonly<Record<string, number>>,
    { beta, step }: { beta: number; step: number },
  ): string | null {
    const { activeUnits, kl } = values;
    if (activeUnits === undefined || beta === 0) return null;
    if (activeUnits > 0) {
      this.#inARow = 0;
      this.#told = false;
      return null;
    }
    if (this.#inARow === 0) this.#sinceStep = step;
    this.#inARow += 1;
    const lasting = this.#inARow >= tellAfterValidations && step - this.#sinceStep >= tellAfterSteps;
    if (!lasting || this.#told) return null;
    this.#told = true;
    return (
      `Posterior collapse at step ${step}: no latent dimension carries more than ${activeAboveNats} nats ` +
      `(KL ${Number((kl ?? 0).toPrecision(3))} in all), so that every clip is decoded to much the same. A larger ` +
      'reconstructionWeight, a smaller beta, betaWarmupEpochs or freeBits help; that needs a new run or a fork.'
    );
  }
}
