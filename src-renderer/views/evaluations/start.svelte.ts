import type { z } from 'zod';
import { evaluate } from '../../../src-preload/contract/commands/evaluate.ts';
import { isBound, type MetricFacts, type MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import { runsShow } from '../../../src-preload/contract/commands/runs.ts';
import type {
  CodeChoice,
  FeedbackMode,
  LatentMode,
} from '../../../src-preload/contract/commands/reconstruct.ts';
import type { App } from '../../state/app.svelte.ts';
import { isCancelled } from '../../state/shown-error.ts';

export type SystemKind = 'run' | 'baseline' | 'external';
export type EvaluateInput = z.input<typeof evaluate.input>;

/** What an evaluation is asked to do, as the form has it: texts where a field may be left empty. */
export class EvaluationPlan {
  kind = $state<SystemKind>('run');
  run = $state('');
  /** What of its codes there is to choose; nothing until it is known. */
  choices = $state.raw<readonly CodeChoice[]>([]);
  checkpoint = $state('best');
  bits = $state('32');
  latent = $state<LatentMode>('mean');
  feedback = $state<FeedbackMode>('recording');
  baseline = $state('opus:12');
  system = $state('');
  dataset = $state('');
  split = $state<'train' | 'validation' | 'test' | 'all'>('test');
  limit = $state('50');
  rate = $state('own');
  align = $state<'off' | 'integer' | 'subsample'>('off');
  matchGain = $state(false);
  seconds = $state('');
  /** Keys; empty for what is measured unless somebody chooses. */
  metrics = $state.raw<readonly string[]>([]);
  #starting = $state(false);
  #error = $state.raw<unknown>(null);

  /** Under way, from this form. */
  get starting(): boolean {
    return this.#starting;
  }

  get error(): unknown {
    return this.#error;
  }

  clearError(): void {
    this.#error = null;
  }

  /** Whether a metric is to be measured. */
  measures(key: MetricKey): boolean {
    return this.metrics.length === 0 ? !isBound(key) : this.metrics.includes(key);
  }

  /** Measures a metric of those that are `known`, or leaves it out; the last one cannot be left out. */
  measure(key: MetricKey, wanted: boolean, known: readonly Pick<MetricFacts, 'key'>[]): void {
    const after = known.map((one) => one.key).filter((one) => (one === key ? wanted : this.measures(one)));
    const usual = known.every((one) => after.includes(one.key) === !isBound(one.key));
    if (after.length > 0) this.metrics = usual ? [] : after;
  }

  /** Why it cannot begin yet; null where it can. */
  get lacks(): string | null {
    if (this.kind === 'run' && this.run === '') return 'Choose a run.';
    if (this.kind === 'baseline' && this.baseline.trim() === '') return 'Name a baseline.';
    if (this.kind === 'external' && this.system === '') return 'Choose a folder of sounds.';
    if (this.dataset === '') return 'Choose a dataset.';
    if (this.limitError) return this.limitError;
    return this.secondsError;
  }

  get limitError(): string | null {
    const { limit } = this;
    return limit.trim() === '' || /^[1-9]\d*$/.test(limit.trim())
      ? null
      : 'A whole number above zero, or nothing.';
  }

  get secondsError(): string | null {
    const text = this.seconds.trim();
    return text === '' || (Number(text) > 0 && Number(text) <= 600)
      ? null
      : 'Above 0 and up to 600, or nothing.';
  }

  get input(): EvaluateInput {
    const { kind } = this;
    const chosen = (choice: CodeChoice): boolean => kind === 'run' && this.choices.includes(choice);
    const checkpoint =
      this.checkpoint === 'best' || this.checkpoint === 'last' ? this.checkpoint : Number(this.checkpoint);
    return {
      ...(kind === 'run' ? { run: this.run, checkpoint } : {}),
      ...(chosen('bits') ? { bits: Number(this.bits) as EvaluateInput['bits'] } : {}),
      ...(chosen('latent') && this.latent !== 'mean' ? { latent: this.latent } : {}),
      ...(chosen('feedback') && this.feedback !== 'recording' ? { feedback: this.feedback } : {}),
      ...(kind === 'baseline' ? { baseline: this.baseline.trim() } : {}),
      ...(kind === 'external' ? { system: this.system } : {}),
      dataset: this.dataset,
      split: this.split,
      ...(this.limit.trim() === '' ? {} : { limit: Number(this.limit) }),
      ...(this.metrics.length === 0 ? {} : { metrics: [this.metrics.join(',')] }),
      ...(this.rate === 'own' ? {} : { rate: Number(this.rate) }),
      ...(this.align === 'off' ? {} : { align: this.align }),
      ...(this.matchGain ? { matchGain: true } : {}),
      ...(this.seconds.trim() === '' ? {} : { seconds: Number(this.seconds) }),
    };
  }

  /** Asks what of the run's codes there is to choose. */
  async askChoices({ host }: Pick<App, 'host'>): Promise<void> {
    const { run } = this;
    if (run === '') return;
    try {
      const { codeChoices } = await host.call(runsShow, { run });
      if (run === this.run) this.choices = codeChoices;
    } catch {
      // What the run lacks is said when it is evaluated; until then there is nothing to choose.
      if (run === this.run) this.choices = [];
    }
  }

  /** Has the host do it; resolves with its id when it is over, null where it failed or was cancelled. */
  async start({ host }: Pick<App, 'host'>): Promise<string | null> {
    this.#starting = true;
    this.#error = null;
    try {
      return (await host.call(evaluate, this.input)).evaluation;
    } catch (error) {
      if (!isCancelled(error)) this.#error = error;
      return null;
    } finally {
      this.#starting = false;
    }
  }
}
