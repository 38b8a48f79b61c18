import type { OutputValue } from '../engine/program.ts';

/** A dimension whose mean KL is below this tells the decoder nothing that could be heard or seen, in nats. */
export const activeAboveNats = 0.01;

/**
 * For how long validations have to find a collapsed code before it is told: early in training, with the first small steps
 * of a warm-up, every code is. An epoch of a small dataset is a few steps, so that counting validations alone tells nothing.
 */
const tellAfterValidations = 2;
const tellAfterSteps = 100;

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
