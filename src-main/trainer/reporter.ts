import { appendFileSync } from 'node:fs';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import type { LiveProgress } from '../../src-preload/contract/commands/runs-live.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { ResolvedConfig } from '../models/config.ts';
import type { BatchReader } from './batches.ts';
import type { TrainingProgress } from './checkpoint.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { ClipRecorder } from './clips/recorder.ts';
import type { LoopEvent, LoopHost, LoopOutcome } from './loop.ts';
import type { FromTrainer, TrainerEnd } from './messages.ts';
import { appendLatents } from './latents-log.ts';
import type { MetricsWriter } from './metrics-log.ts';
import { ProgressMeter } from './progress-meter.ts';
import { runFiles, type RunEnvironment, type RunRecord } from './run-record.ts';
import { initialStatus, type RunStatus, writeRunStatus } from './run-status.ts';
import { writeEpochs } from './session.ts';

export interface SessionParts {
  segment: number;
  /** Training time of the segments before this one, up to its first step. */
  earlierMs: number;
  record: RunRecord;
  config: ResolvedConfig;
  environment: RunEnvironment;
  metrics: MetricsWriter;
  checkpoints: CheckpointStore;
  training: BatchReader;
  clips: Pick<ClipRecorder, 'spentMs'> | null;
  tensors(): number;
}

/** Live numbers are written and sent at most so often: four times a second. */
const progressEveryMs = 250;

/** Tells a run's story: its status, log, metrics and checkpoints in the run folder, and messages to the host. */
export class SessionReporter {
  readonly #folder: string;
  readonly #send: (message: FromTrainer) => void;
  /** Number of the last control message obeyed. */
  readonly #obeyed: () => number;
  /** As it was found. */
  readonly #before: RunStatus;
  #status: RunStatus;
  #progressMs = Number.NEGATIVE_INFINITY;
  #parts: SessionParts | null = null;
  #meter = new ProgressMeter(0);
  #epochs = 0;
  #savingMs = 0;

  constructor(folder: string, send: (message: FromTrainer) => void, obeyed: () => number, before: RunStatus) {
    this.#folder = folder;
    this.#send = send;
    this.#obeyed = obeyed;
    this.#before = before;
    this.#status = { ...initialStatus, ...before, reason: null, error: null, notes: [], progress: null };
    this.#change({ state: 'starting' });
  }

  preparing(event: ProgressEvent): void {
    this.#send({ type: 'preparing', ...event });
    const { progress: before, step, epoch, epochs, stepsPerEpoch } = this.#status;
    // A new stage is written at once: the one after it may block this process for long.
    if (before?.stage === event.stage && !this.#isDue()) return;
    this.#show({
      phase: 'preparing',
      stage: event.stage,
      done: event.done ?? null,
      total: event.total ?? null,
      step,
      steps: epochs * stepsPerEpoch,
      epoch,
      epochs,
      msPerStep: null,
      clipsPerSec: null,
      etaSec: null,
      tensors: null,
      rssBytes: process.memoryUsage.rss(),
      feedingShare: null,
      device: null,
      updatedMs: Date.now(),
    });
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
    this.#meter = new ProgressMeter(parts.earlierMs);
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
      metrics.append({ segment, wallMs: Date.now(), processMs: this.#meter.processMs, ...row });
    metrics.append({
      segment,
      step: start.step,
      epoch: start.epoch,
      wallMs: Date.now(),
      processMs: this.#meter.processMs,
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
      appendLatents: (row) => appendLatents(runFiles(this.#folder).latents, row),
      flushMetrics: (durable) => metrics.flush(durable),
      saveCheckpoint: (progress, state, validation, codeRange) => {
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
            codeRange: codeRange && { low: [...codeRange.low], high: [...codeRange.high] },
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
        // Whoever sees that the command was obeyed sees what came of it.
        this.#change({ epochs });
        this.note(`Extended to ${epochs} epochs.`);
      },
      stateChanged: (state, reason) => {
        if (state === 'paused') this.#meter.paused();
        else this.#meter.resumed();
        this.log(`${state}${reason ? `: ${reason}` : ''}`);
        this.#change({ state, reason });
        this.#send({ type: 'state', state, reason });
      },
      note: (text) => this.note(text),
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
    const didNothing = this.#parts ? null : restingStatus(this.#before);
    if (didNothing) {
      // Asked for more and not even begun: what it had come to is still what it has come to.
      const notes = error ? [`It could not go on: ${reason}`] : [];
      this.#change({ ...didNothing, notes, progress: null });
    } else {
      this.#change({
        state,
        reason,
        error,
        progress: null,
        ...(this.#parts ? { step: progress.step, epoch: progress.epoch, best: progress.best } : {}),
      });
    }
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
    const { step, epoch } = event.progress;
    // Kept for whichever change of the status is written next; validations end at the step they began.
    this.#status = { ...this.#status, step, epoch };
    if (event.phase === 'training') this.#meter.stepDone(event.stepMs, event.feedingMs);
    const parts = this.#parts;
    const before = this.#status.progress?.phase ?? 'preparing';
    // The end of the preparation is shown at once.
    if (!parts || (before !== 'preparing' && !this.#isDue())) return;
    const { msPerStep, feedingShare } = this.#meter;
    const steps = this.#epochs * parts.training.trainingBatches;
    const numbers = {
      phase: event.phase,
      step,
      steps,
      epoch,
      epochs: this.#epochs,
      etaSec: this.#meter.secondsFor(steps - step),
      tensors: parts.tensors(),
      rssBytes: process.memoryUsage.rss(),
      feedingShare,
    };
    const clipsPerSec = msPerStep ? (parts.training.batchSize * 1000) / msPerStep : null;
    this.#show({
      ...numbers,
      stage: null,
      done: event.batches?.done ?? null,
      total: event.batches?.total ?? null,
      msPerStep,
      clipsPerSec,
      device: parts.environment.deviceName,
      updatedMs: Date.now(),
    });
    this.#send({
      type: 'progress',
      progress: {
        ...numbers,
        values: event.values,
        msPerStep: msPerStep ?? 0,
        clipsPerSec: clipsPerSec ?? 0,
      },
    });
  }

  /** Whether live numbers may be written again. */
  #isDue(): boolean {
    return performance.now() - this.#progressMs >= progressEveryMs;
  }

  #show(progress: LiveProgress): void {
    this.#progressMs = performance.now();
    this.#change({ progress });
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
    const { meanMsPerStep, feedingShare, segmentMs } = this.#meter;
    const share = (ms: number): string => ((100 * ms) / Math.max(1, segmentMs)).toFixed(2);
    const clips = this.#parts?.clips;
    return (
      `${meanMsPerStep.toFixed(1)} ms a step, feeding ${(100 * feedingShare).toFixed(2)} %, ` +
      `checkpoints ${share(this.#savingMs)} %${clips ? `, clips ${share(clips.spentMs)} %` : ''} of the time`
    );
  }

  #change(changes: Partial<RunStatus>): void {
    this.#status = { ...this.#status, ...changes, control: this.#obeyed() };
    try {
      writeRunStatus(this.#folder, this.#status);
    } catch (thrown) {
      // The status may be stale on a full disk: whoever reads it looks at the lock too. The run itself goes on.
      this.log(`status.json could not be written: ${String(thrown)}`);
    }
  }
}

/** How a run stood before this start; null for one that had never begun. */
function restingStatus(before: RunStatus): RunStatus | null {
  switch (before.state) {
    case 'queued':
      return null;
    case 'starting':
    case 'running':
    case 'paused': {
      const reason = `its trainer ended without a word at step ${before.step} (killed, or the machine went down)`;
      return before.lastCheckpoint === null ? null : { ...before, state: 'interrupted', reason };
    }
    case 'stopped':
    case 'finished':
    case 'failed':
    case 'interrupted':
      return before;
  }
}
