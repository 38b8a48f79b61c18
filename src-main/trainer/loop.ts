import { setImmediate, setTimeout } from 'node:timers/promises';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { OutputValue, Program } from '../engine/program.ts';
import type { CodeRange } from '../models/parts/code-quantiser.ts';
import type { TrainingConfig } from '../models/training.ts';
import type { BatchReader } from './batches.ts';
import { CollapseAlarm } from './active-units.ts';
import type { TrainingProgress } from './checkpoint.ts';
import { Cadence } from './cadence.ts';
import type { ClipRecorder } from './clips/recorder.ts';
import { DeadComponentAlarm } from './component-usage.ts';
import type { ControlSource } from './control.ts';
import type { LatentsRow } from './latents-log.ts';
import type { MetricsRow } from './metrics-log.ts';
import { firstNonFinite, scalarValues } from './outputs.ts';
import type { RunState } from './run-status.ts';
import { betaAt, learningRateAt } from './schedule.ts';
import { type Measured, ValidationSums } from './validation-sums.ts';
import { deriveSeed } from './shuffle.ts';

/** What the loop writes to and reads from: its run folder, or a test's memory. */
export interface LoopHost {
  /** Writes a checkpoint of `state` at `progress`. */
  saveCheckpoint(
    progress: TrainingProgress,
    state: ReadonlyMap<string, OutputValue>,
    validation: Record<string, number> | null,
    codeRange: CodeRange | null,
  ): void;
  appendMetrics(row: Pick<MetricsRow, 'step' | 'epoch' | 'split' | 'values'>): void;
  /** What a validation found of each latent dimension; told before its metrics. */
  appendLatents(row: LatentsRow): void;
  flushMetrics(durable: boolean): void;
  /** The run is to train for `epochs` epochs from now on. */
  extended(epochs: number): void;
  stateChanged(state: RunState, reason: string | null): void;
  progressed(event: LoopEvent): void;
  /** Something that the user should know while it trains. */
  note(text: string): void;
  /** An epoch is over: the means of its training losses, and its validation where there was one. */
  epochEnded(
    epoch: number,
    training: Record<string, number>,
    validation: Record<string, number> | null,
  ): void;
}

/** What the loop says after every step and every batch of a validation. */
export interface LoopEvent {
  phase: 'training' | 'validation';
  progress: Readonly<TrainingProgress>;
  values: Record<string, number>;
  /** Milliseconds of the call of the program, of reading its batch. */
  stepMs: number;
  feedingMs: number;
  /** Batches of a validation: done and in all; null for a step. */
  batches: { done: number; total: number } | null;
}

export interface LoopArguments {
  program: Program;
  training: BatchReader;
  /** Null where the dataset has no validation split: then the mean training loss of an epoch chooses the best. */
  validation: BatchReader | null;
  /** Decodes fixed clips at the ends of epochs; null for none. */
  clips: Pick<ClipRecorder, 'isDue' | 'has' | 'decode'> | null;
  config: TrainingConfig;
  progress: TrainingProgress;
  control: ControlSource;
  host: LoopHost;
  /** Milliseconds; tests put their own in. */
  now?: () => number;
}

/** How a loop ended. A failure is an end as well: the last finite checkpoint is there. */
export interface LoopOutcome {
  state: 'finished' | 'stopped' | 'failed';
  reason: string;
  error: ResynthError | null;
  progress: TrainingProgress;
}

type Snapshot = {
  progress: TrainingProgress;
  state: Map<string, OutputValue>;
  validation: Record<string, number> | null;
  codeRange: CodeRange | null;
};

const evaluationNoise = 1;
const pausePollMs = 50;

/**
 * The training loop. Everything that the next step depends on is in `progress` and the program's state, so that a loop
 * started from any checkpoint goes on as if it had never stopped: the order of clips comes from (seed, epoch), the noise
 * from (seed, step), rates from the step. Commands are obeyed between two calls of the program.
 */
export class TrainingLoop {
  readonly #args: LoopArguments;
  readonly #config: TrainingConfig;
  readonly #cadence: Cadence;
  readonly #stepsPerEpoch: number;
  #progress: TrainingProgress;
  /** The best state so far where it was not written yet: written before any later checkpoint. */
  #unsavedBest: Snapshot | null = null;
  #validation: (Measured & { step: number }) | null = null;
  #savedPosition = '';
  readonly #collapse = new CollapseAlarm();
  readonly #deadComponents = new DeadComponentAlarm();
  /** Commands obeyed so far. */
  #obeyedCount = 0;
  #stopReason: string | null = null;

  constructor(args: LoopArguments) {
    this.#args = args;
    this.#config = { ...args.config };
    this.#progress = structuredClone(args.progress);
    this.#stepsPerEpoch = args.training.trainingBatches;
    this.#cadence = new Cadence(this.#config, args.now ?? (() => performance.now()));
  }

  /** Trains until the epochs are done, it is told to stop, or something fails. Never throws for what a run can meet. */
  async run(): Promise<LoopOutcome> {
    try {
      this.#args.host.stateChanged('running', null);
      // The first checkpoint is before the first step: from here on there is always one to go back to.
      if (this.#progress.step === 0) await this.#save();
      else this.#noteSaved();
      await this.#decodeFirstClips();
      const finished = await this.#train();
      await this.#save();
      this.#args.host.flushMetrics(true);
      if (this.#stopReason !== null) return this.#outcome('stopped', this.#stopReason);
      return this.#outcome('finished', finished);
    } catch (thrown) {
      const error = asResynthError(thrown);
      this.#rescue(error);
      return { ...this.#outcome('failed', error.message), error };
    }
  }

  /** Steps and ends of epochs until there is nothing more to do; gives why, or '' when told to stop. */
  async #train(): Promise<string> {
    while (await this.#mayGoOn()) {
      if (this.#progress.stepInEpoch >= this.#stepsPerEpoch) {
        const ended = await this.#endEpoch();
        if (!ended) return '';
        const { earlyStoppingPatience: patience } = this.#config;
        if (patience > 0 && this.#progress.validationsWithoutBetter >= patience) {
          return `stopped early: ${patience} validations without a better total loss`;
        }
      } else if (this.#progress.epoch >= this.#config.epochs) {
        const { epochs } = this.#config;
        return epochs === 1 ? 'its one epoch is done' : `all ${epochs} epochs done`;
      } else {
        await this.#step();
      }
      if (this.#cadence.isDue(this.#progress)) await this.#save();
    }
    return '';
  }

  async #step(): Promise<void> {
    const { program, training, host } = this.#args;
    const { step, epoch, stepInEpoch } = this.#progress;
    const feedingBefore = training.feedingMs;
    const batch = training.training(this.#config.seed, epoch, stepInEpoch);
    const feedingMs = training.feedingMs - feedingBefore;
    const learningRate = learningRateAt(this.#config, step, this.#stepsPerEpoch);
    const beta = betaAt(this.#config, step, this.#stepsPerEpoch);
    const { freeBits, clipNorm } = this.#config;
    const started = performance.now();
    const outputs = await program.call(
      'step',
      { x: batch.x, learningRate, beta, freeBits, ...(clipNorm > 0 ? { clipNorm } : {}) },
      { seed: this.#config.seed, step },
    );
    const stepMs = performance.now() - started;
    const losses = scalarValues(outputs);
    // What has no KL has nothing that beta would weigh.
    const values = { ...losses, learningRate, ...('kl' in losses ? { beta } : {}) };
    host.appendMetrics({ step: step + 1, epoch: epoch + 1, split: 'train', values });
    const bad = firstNonFinite(losses);
    if (bad) {
      const ids = [...batch.rows].map((row) => training.reader.ids[row] ?? String(row)).join(', ');
      throw new ResynthError('runs/loss-not-finite', { ...bad, step: step + 1, epoch: epoch + 1, ids });
    }
    const { epochSums } = this.#progress;
    for (const [name, value] of Object.entries(losses)) epochSums[name] = (epochSums[name] ?? 0) + value;
    this.#progress.step += 1;
    this.#progress.stepInEpoch += 1;
    host.progressed({
      phase: 'training',
      progress: this.#progress,
      values,
      stepMs,
      feedingMs,
      batches: null,
    });
  }

  /** Validation, best and early stopping; false when it was told to stop meanwhile: then it is done again on resuming. */
  async #endEpoch(): Promise<boolean> {
    const { validation } = this.#args;
    const epoch = this.#progress.epoch + 1;
    const due = epoch % this.#config.validateEveryEpochs === 0 || epoch === this.#config.epochs;
    const means = Object.fromEntries(
      Object.entries(this.#progress.epochSums).map(([name, sum]) => [name, sum / this.#stepsPerEpoch]),
    );
    let measured: Record<string, number> | null = null;
    if (due && validation) {
      const found = await this.#validate(validation);
      if (!found) return false;
      measured = found.values;
      this.#validation = { step: this.#progress.step, ...found };
      if (found.latents)
        this.#args.host.appendLatents({ step: this.#progress.step, epoch, ...found.latents });
      this.#args.host.appendMetrics({
        step: this.#progress.step,
        epoch,
        split: 'validation',
        values: measured,
      });
    }
    this.#progress.epoch = epoch;
    this.#progress.stepInEpoch = 0;
    this.#progress.epochSums = {};
    this.#args.host.epochEnded(epoch, means, measured);
    if (measured) this.#heed(measured);
    if (measured) await this.#judge(measured, 'validation');
    else if (due) await this.#judge(means, 'train');
    const { clips } = this.#args;
    // Before any checkpoint of this position: a resume from it finds them done.
    if (clips?.isDue(epoch, this.#config.epochs)) await clips.decode(this.#progress.step, epoch);
    return true;
  }

  /** Before the first step, and where a fork begins: what the weights make of the clips to begin with. */
  async #decodeFirstClips(): Promise<void> {
    const { clips } = this.#args;
    const { step, epoch, stepInEpoch } = this.#progress;
    if (!clips || stepInEpoch !== 0 || clips.has(step)) return;
    if (step === 0 || clips.isDue(epoch, this.#config.epochs)) await clips.decode(step, epoch);
  }

  #heed(measured: Record<string, number>): void {
    const { step } = this.#progress;
    const beta = betaAt(this.#config, step, this.#stepsPerEpoch);
    const { componentShares = null } = this.#validation?.latents ?? {};
    for (const warning of [
      this.#collapse.heed(measured, { beta, step }),
      this.#deadComponents.heed({ step, componentShares }),
    ]) {
      if (warning !== null) this.#args.host.note(warning);
    }
  }

  async #judge(measured: Record<string, number>, split: string): Promise<void> {
    const value = measured.total ?? Number.NaN;
    const { best, step, epoch } = this.#progress;
    if (!Number.isFinite(value) || (best && value >= best.value)) {
      this.#progress.validationsWithoutBetter += 1;
      return;
    }
    this.#progress.best = { step, epoch, value, split };
    this.#progress.validationsWithoutBetter = 0;
    this.#unsavedBest = await this.#snapshot();
  }

  /** Mean losses over the split: full beta and no free bits, so that values compare over a warm-up. Null when told to stop. */
  async #validate(reader: BatchReader): Promise<Measured | null> {
    const { program, host } = this.#args;
    const sums = new ValidationSums();
    const seed = deriveSeed(this.#config.seed, evaluationNoise);
    for (let index = 0; index < reader.evaluationBatches; index++) {
      if (index > 0 && !(await this.#mayGoOn())) return null;
      const { x, mask, rows } = reader.evaluation(index);
      const started = performance.now();
      const outputs = await program.call(
        'evaluate',
        { x, mask, beta: this.#config.beta, freeBits: 0 },
        // The same noise at every validation: their difference is the model's alone.
        { seed, step: index },
      );
      const values = sums.add(outputs, rows.length);
      const stepMs = performance.now() - started;
      const batches = { done: index + 1, total: reader.evaluationBatches };
      host.progressed({
        phase: 'validation',
        progress: this.#progress,
        values,
        stepMs,
        feedingMs: 0,
        batches,
      });
    }
    return sums.result();
  }

  /** Obeys what was told between two calls; waits while paused. False when it is to stop. */
  async #mayGoOn(): Promise<boolean> {
    // Messages of the parent and signals arrive here only.
    await setImmediate();
    let paused = this.#obey(false);
    if (paused && this.#stopReason === null) {
      await this.#save();
      this.#args.host.stateChanged('paused', null);
      while (paused && this.#stopReason === null) {
        await setTimeout(pausePollMs);
        const before = this.#obeyedCount;
        paused = this.#obey(true);
        // Whoever said 'pause' to a paused run waits for the answer too.
        if (paused && this.#obeyedCount > before) this.#args.host.stateChanged('paused', null);
      }
      if (this.#stopReason === null) this.#args.host.stateChanged('running', null);
    }
    return this.#stopReason === null;
  }

  #obey(paused: boolean): boolean {
    let state = paused;
    for (const command of this.#args.control.poll()) {
      this.#obeyedCount++;
      if (command.command === 'pause') state = true;
      else if (command.command === 'resume') state = false;
      else if (command.command === 'stop') this.#stopReason = command.reason;
      else {
        this.#config.epochs += command.epochs;
        this.#progress.validationsWithoutBetter = 0;
        this.#args.host.extended(this.#config.epochs);
      }
    }
    return state;
  }

  async #save(): Promise<void> {
    if (this.#unsavedBest && this.#unsavedBest.progress.step !== this.#progress.step)
      this.#write(this.#unsavedBest);
    this.#unsavedBest = null;
    if (this.#savedPosition !== position(this.#progress)) this.#write(await this.#snapshot());
    this.#noteSaved();
  }

  #noteSaved(): void {
    this.#savedPosition = position(this.#progress);
    this.#cadence.saved();
  }

  #write({ progress, state, validation, codeRange }: Snapshot): void {
    for (const [name, { data }] of state) {
      if (data instanceof Float32Array && !allFinite(data)) {
        throw new ResynthError('runs/state-not-finite', { name, step: progress.step });
      }
    }
    // What a checkpoint is about must be on the disk before it.
    this.#args.host.flushMetrics(true);
    this.#args.host.saveCheckpoint(progress, state, validation, codeRange);
  }

  async #snapshot(): Promise<Snapshot> {
    const state = await this.#args.program.readState();
    const progress = structuredClone(this.#progress);
    const measured = this.#validation?.step === progress.step ? this.#validation : null;
    const { values: validation, codeRange } = measured ?? { values: null, codeRange: null };
    return { progress, state, validation, codeRange };
  }

  /** After a failure: what is finite and not written yet is written, and nothing that was written is touched. */
  #rescue(error: ResynthError): void {
    try {
      this.#args.host.flushMetrics(true);
      if (this.#unsavedBest && error.code !== 'runs/disk-full') this.#write(this.#unsavedBest);
    } catch (thrown) {
      // The first failure is the one to tell; this one follows from it or is as final.
      error.cause ??= thrown;
    }
  }

  #outcome(state: LoopOutcome['state'], reason: string): LoopOutcome {
    return { state, reason, error: null, progress: structuredClone(this.#progress) };
  }
}

/** At one step the position still moves: past the epoch's validation. */
function position({ step, epoch, stepInEpoch }: TrainingProgress): string {
  return `${step}:${epoch}:${stepInEpoch}`;
}

/** Whether no number is NaN or infinite: the sum of x - x is 0 for finite ones alone. */
function allFinite(data: Float32Array): boolean {
  let sum = 0;
  for (const value of data) sum += value - value;
  return sum === 0;
}
