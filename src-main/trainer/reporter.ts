import { appendFileSync } from 'node:fs';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { ResolvedConfig } from '../models/config.ts';
import type { BatchReader } from './batches.ts';
import type { TrainingProgress } from './checkpoint.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { LoopEvent, LoopHost, LoopOutcome } from './loop.ts';
import type { FromTrainer, TrainerEnd } from './messages.ts';
import type { MetricsWriter } from './metrics-log.ts';
import { runFiles, type RunEnvironment, type RunRecord } from './run-record.ts';
import { initialStatus, type RunStatus, writeRunStatus } from './run-status.ts';
import { writeEpochs } from './session.ts';

export interface SessionParts {
  segment: number;
  record: RunRecord;
  config: ResolvedConfig;
  environment: RunEnvironment;
  metrics: MetricsWriter;
  checkpoints: CheckpointStore;
  training: BatchReader;
  tensors(): number;
}

const statusEveryMs = 1000;
const progressEveryMs = 250;

/** Tells a run's story: its status, log, metrics and checkpoints in the run folder, and messages to the host. */
export class SessionReporter {
  readonly #folder: string;
  readonly #send: (message: FromTrainer) => void;
  /** Number of the last control message obeyed. */
  readonly #obeyed: () => number;
  readonly #startedMs = performance.now();
  #status: RunStatus;
  #statusMs = Number.NEGATIVE_INFINITY;
  #progressMs = Number.NEGATIVE_INFINITY;
  #parts: SessionParts | null = null;
  #trainingMs = 0;
  #feedingMs = 0;
  #stepsDone = 0;
  #loopMs = 0;
  #epochs = 0;
  #savingMs = 0;

  constructor(folder: string, send: (message: FromTrainer) => void, obeyed: () => number, before: RunStatus) {
    this.#folder = folder;
    this.#send = send;
    this.#obeyed = obeyed;
    this.#status = { ...initialStatus, ...before, reason: null, error: null, notes: [] };
    this.#change({ state: 'starting' });
  }

  preparing(event: ProgressEvent): void {
    this.#send({ type: 'preparing', ...event });
  }

  note(text: string): void {
    this.log(text);
    this.#change({ notes: [...this.#status.notes, text] });
    this.#send({ type: 'note', text });
  }

  log(text: string): void {
    try {
      appendFileSync(runFiles(this.#folder).log, `${new Date().toISOString()} ${text}\n`);
    } catch (thrown) {
      // A full disk must not end a run because of its diary; the terminal or the log's own reader sees it.
      process.stderr.write(`${text} (log.txt: ${String(thrown)})\n`);
    }
  }

  begin(parts: SessionParts): void {
    this.#parts = parts;
    this.#epochs = parts.config.training.epochs;
    this.#loopMs = performance.now();
    const { environment } = parts;
    this.log(
      `segment ${parts.segment}: ${parts.training.reader.count} clips, batch ${parts.training.batchSize}, ` +
        `${environment.backend} (${environment.mode}) on ${environment.deviceName}, ` +
        `threads ${environment.threads ? `${environment.threads.intraOp}/${environment.threads.interOp}` : 'not set'}`,
    );
  }

  /** The loop's side of this; `start` is where the segment begins. */
  loopHost(start: TrainingProgress): LoopHost {
    const parts = this.#parts;
    if (!parts) throw new Error('begin() comes first');
    const { segment, metrics, checkpoints, record, config, environment } = parts;
    const append: LoopHost['appendMetrics'] = (row) =>
      metrics.append({ segment, wallMs: Date.now(), processMs: performance.now(), ...row });
    metrics.append({
      segment,
      step: start.step,
      epoch: start.epoch,
      wallMs: Date.now(),
      processMs: performance.now(),
      split: 'segment',
      values: {},
    });
    this.#change({
      segment,
      step: start.step,
      epoch: start.epoch,
      best: start.best,
      epochs: this.#epochs,
      stepsPerEpoch: parts.training.trainingBatches,
    });
    return {
      appendMetrics: append,
      flushMetrics: (durable) => metrics.flush(durable),
      saveCheckpoint: (progress, state, validation) => {
        const started = performance.now();
        const training = { ...config.training, epochs: this.#epochs };
        const saved = checkpoints.write(
          {
            run: record.id,
            config: { ...record.config, training },
            dataset: record.dataset,
            environment,
            seed: config.training.seed,
            progress,
            validation,
          },
          state,
        );
        this.#savingMs += performance.now() - started;
        this.log(`checkpoint at step ${progress.step}: ${(saved.tensors.bytes / 1e6).toFixed(1)} MB`);
        this.#change({ lastCheckpoint: progress.step, best: progress.best });
        this.#send({ type: 'checkpoint', step: progress.step, epoch: progress.epoch });
      },
      extended: (epochs) => {
        writeEpochs(this.#folder, epochs);
        this.#epochs = epochs;
        this.note(`Extended to ${epochs} epochs.`);
        this.#change({ epochs });
      },
      stateChanged: (state, reason) => {
        this.log(`${state}${reason ? `: ${reason}` : ''}`);
        this.#change({ state, reason });
        this.#send({ type: 'state', state, reason });
      },
      progressed: (event) => this.#progressed(event),
      epochEnded: (epoch, means, validation) => this.#epochEnded(epoch, means, validation),
    };
  }

  /** Writes the last state and tells the host. */
  end(outcome: LoopOutcome): TrainerEnd {
    const { state, progress } = outcome;
    const reason = outcome.error ? this.#named(outcome.error).message : outcome.reason;
    const error = outcome.error ? this.#named(outcome.error).toJSON() : null;
    this.log(
      `${state}: ${reason}${outcome.error?.cause ? ` (${String(outcome.error.cause)})` : ''}; ${this.#cost()}`,
    );
    this.#change({
      state,
      reason,
      error,
      ...(this.#parts ? { step: progress.step, epoch: progress.epoch, best: progress.best } : {}),
    });
    const { step, epoch, best, lastCheckpoint } = this.#status;
    const end: TrainerEnd = { type: 'end', state, reason, error, step, epoch, best, lastCheckpoint };
    this.#send(end);
    return end;
  }

  /** The loop does not know which run it trains; the user wants to. */
  #named({ code, params, cause }: ResynthError): ResynthError {
    return new ResynthError(code, { run: runFiles(this.#folder).id, ...params }, { cause });
  }

  #progressed(event: LoopEvent): void {
    // Kept for whichever change of the status is written next; validations end at the step they began.
    this.#status = { ...this.#status, step: event.progress.step, epoch: event.progress.epoch };
    if (event.phase === 'training') {
      this.#stepsDone++;
      this.#trainingMs += event.stepMs;
      this.#feedingMs += event.feedingMs;
    }
    const now = performance.now();
    if (now - this.#statusMs >= statusEveryMs) this.#change({});
    if (now - this.#progressMs < progressEveryMs) return;
    this.#progressMs = now;
    const parts = this.#parts;
    if (!parts) return;
    const steps = this.#epochs * parts.training.trainingBatches;
    const msPerStep = (this.#trainingMs + this.#feedingMs) / Math.max(1, this.#stepsDone);
    const wallPerStep = (now - this.#loopMs) / Math.max(1, this.#stepsDone);
    this.#send({
      type: 'progress',
      progress: {
        phase: event.phase,
        step: event.progress.step,
        steps,
        epoch: event.progress.epoch,
        epochs: this.#epochs,
        values: event.values,
        msPerStep,
        clipsPerSec: msPerStep > 0 ? (parts.training.batchSize * 1000) / msPerStep : 0,
        etaSec: (Math.max(0, steps - event.progress.step) * wallPerStep) / 1000,
        tensors: parts.tensors(),
        rssBytes: process.memoryUsage.rss(),
        feedingShare: this.#feedingShare(),
      },
    });
  }

  #epochEnded(epoch: number, means: Record<string, number>, validation: Record<string, number> | null): void {
    const text = (values: Record<string, number>): string =>
      Object.entries(values)
        .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`)
        .join(', ');
    const tensors = this.#parts?.tensors() ?? 0;
    this.log(
      `epoch ${epoch}/${this.#epochs}: ${text(means)}${validation ? `; validation ${text(validation)}` : ''}; ` +
        `${this.#cost()}, ${tensors} tensors, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
    );
  }

  #cost(): string {
    const msPerStep = (this.#trainingMs + this.#feedingMs) / Math.max(1, this.#stepsDone);
    const loopMs = Math.max(1, performance.now() - (this.#loopMs || this.#startedMs));
    return (
      `${msPerStep.toFixed(1)} ms a step, feeding ${(100 * this.#feedingShare()).toFixed(2)} %, ` +
      `checkpoints ${((100 * this.#savingMs) / loopMs).toFixed(2)} % of the time`
    );
  }

  #feedingShare(): number {
    const total = this.#trainingMs + this.#feedingMs;
    return total > 0 ? this.#feedingMs / total : 0;
  }

  #change(changes: Partial<RunStatus>): void {
    this.#status = { ...this.#status, ...changes, control: this.#obeyed() };
    this.#statusMs = performance.now();
    try {
      writeRunStatus(this.#folder, this.#status);
    } catch (thrown) {
      // The status may be stale on a full disk: whoever reads it looks at the lock too. The run itself goes on.
      this.log(`status.json could not be written: ${String(thrown)}`);
    }
  }
}
