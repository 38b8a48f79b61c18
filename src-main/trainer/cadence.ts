import type { TrainingConfig } from '../models/training.ts';
import type { TrainingProgress } from './checkpoint.ts';

/** An epoch shorter than this does not get a checkpoint of its own: fast nets are not slowed by writing. */
const leastMs = 10_000;
/** A long epoch gets checkpoints within it. */
const mostMs = 60_000;

/**
 * When to write a checkpoint: at the settings' steps and kept epochs always, at the end of other epochs when the last is
 * 10 s old, within an epoch when it is a minute old. The time changes which checkpoints there are, never the training.
 */
export class Cadence {
  readonly #config: Pick<TrainingConfig, 'checkpointEverySteps' | 'keepEveryEpochs'>;
  readonly #now: () => number;
  #savedAtMs: number;

  constructor(config: Pick<TrainingConfig, 'checkpointEverySteps' | 'keepEveryEpochs'>, now: () => number) {
    this.#config = config;
    this.#now = now;
    this.#savedAtMs = now();
  }

  isDue({ step, epoch, stepInEpoch }: TrainingProgress): boolean {
    const { checkpointEverySteps, keepEveryEpochs } = this.#config;
    if (checkpointEverySteps > 0 && step % checkpointEverySteps === 0 && stepInEpoch > 0) return true;
    const endOfEpoch = stepInEpoch === 0;
    if (endOfEpoch && keepEveryEpochs > 0 && epoch % keepEveryEpochs === 0) return true;
    return this.#now() - this.#savedAtMs >= (endOfEpoch ? leastMs : mostMs);
  }

  saved(): void {
    this.#savedAtMs = this.#now();
  }
}
