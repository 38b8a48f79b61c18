import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import type { Annotation, QueueEntry } from './run-extras.ts';
import type { Run } from './runs.ts';

/** A run with what the host keeps about it. */
export interface RunFacts {
  run: Run;
  annotation: Annotation;
  queue: QueueEntry | null;
  /** 1 is next; null where it is in no queue. */
  queuePlace: number | null;
}

/** Whether a run waits in the queue: a trainer that has taken its lock is past that. */
export function isQueued({ run, queue }: Pick<RunFacts, 'run' | 'queue'>): boolean {
  return queue !== null && run.pid === null;
}

/** A run as lists and events show it. */
export function summaryOf(facts: RunFacts): RunSummary {
  const { run, annotation, queuePlace } = facts;
  const { record, status, pid } = run;
  const queued = isQueued(facts);
  return {
    run: record.id,
    name: record.name,
    state: queued ? 'queued' : status.state,
    reason: queued ? null : status.reason,
    preset: record.config.preset,
    dataset: record.dataset.name,
    step: status.step,
    epoch: status.epoch,
    epochs: status.epochs,
    bestValidation: status.best,
    createdMs: record.createdMs,
    updatedMs: status.updatedMs,
    pid,
    queuePlace: queued ? queuePlace : null,
    notes: annotation.notes,
    tags: annotation.tags,
    colour: annotation.colour,
    progress: pid === null ? null : status.progress,
  };
}

/** What a summary says beside how far the run is just now: a change of it is worth telling by itself. */
export function lastingPart(summary: RunSummary): string {
  const { step: _step, epoch: _epoch, updatedMs: _updated, progress: _progress, ...lasting } = summary;
  // A run that stands still is where it is for good.
  return JSON.stringify(summary.pid === null ? { ...lasting, step: summary.step } : lasting);
}
