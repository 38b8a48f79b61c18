import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { OutputValue } from '../engine/program.ts';
import { type DiskCalls, realDisk, syncFolderSync } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import { isTemporaryName } from '../files/temporaries.ts';
import {
  type Checkpoint,
  checkpointBytes,
  type CheckpointContent,
  checkpointFiles,
  type CheckpointRecord,
  checkpointSchema,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint.ts';
import { readJson } from './run-record.ts';

/** Steps that have a checkpoint (both files there), ascending. */
export function checkpointSteps(folder: string): number[] {
  const names = new Set(listFolder(folder));
  return [...names]
    .map((name) => /^(\d{9,})\.json$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined && names.has(`${digits}.safetensors`))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Which checkpoint is meant: a step, the last one, or the one with the best validation. */
export type CheckpointChoice = 'best' | 'last' | number;

export interface OpenedCheckpoint extends Checkpoint {
  /** Damaged checkpoints that were passed over for this one, each with what is wrong with it. */
  passedOver: ResynthError[];
}

/**
 * Reads the checkpoint meant. A damaged one falls back to the newest before it that is whole; what was passed over is
 * told. `runs/checkpoint-missing` where there is none, `runs/checkpoints-all-damaged` where none is whole.
 */
export function openCheckpoint(folder: string, choice: CheckpointChoice): OpenedCheckpoint {
  const steps = checkpointSteps(folder);
  const run = path.basename(path.dirname(folder));
  const wanted = choice === 'last' ? steps.at(-1) : choice === 'best' ? bestStep(folder, steps) : choice;
  if (wanted === undefined || !steps.includes(wanted)) {
    const available = steps.length > 0 ? `best, last, ${steps.join(', ')}` : 'none yet';
    throw new ResynthError('runs/checkpoint-missing', { run, checkpoint: String(choice), available });
  }
  const passedOver: ResynthError[] = [];
  for (const step of steps.filter((candidate) => candidate <= wanted).reverse()) {
    try {
      return { ...readCheckpoint(folder, step), passedOver };
    } catch (thrown) {
      if (!(thrown instanceof ResynthError)) throw thrown;
      passedOver.push(thrown);
    }
  }
  const files = passedOver.map((error) => path.basename(String(error.params.file))).join(', ');
  throw new ResynthError('runs/checkpoints-all-damaged', { run, files });
}

/** The step of the best checkpoint as the newest readable record knows it; without a validation, the last step. */
export function bestStep(folder: string, steps = checkpointSteps(folder)): number | undefined {
  for (const step of steps.toReversed()) {
    const best = tryRecord(folder, step)?.progress.best;
    if (best && steps.includes(best.step)) return best.step;
  }
  return steps.at(-1);
}

/** The record of a checkpoint without its tensors, or null when it cannot be read. */
export function tryRecord(folder: string, step: number): CheckpointRecord | null {
  try {
    return readJson(checkpointFiles(folder, step).record, checkpointSchema);
  } catch (thrown) {
    if (thrown instanceof ResynthError) return null;
    throw thrown;
  }
}

export interface RetentionSettings {
  /** Checkpoints at the end of every Nth epoch are kept; 0 keeps none but best and last. */
  keepEveryEpochs: number;
  /** Above this the oldest kept ones go, never best and last; 0 is no limit. */
  budgetBytes: number;
}

/** The checkpoints of one run, for its trainer: the only writer. */
export class CheckpointStore {
  readonly folder: string;
  readonly #retention: RetentionSettings;
  readonly #disk: DiskCalls;

  constructor(folder: string, retention: RetentionSettings, disk: DiskCalls = realDisk) {
    this.folder = folder;
    this.#retention = retention;
    this.#disk = disk;
  }

  /** Writes a checkpoint and then lets go of those no longer kept: at no moment is there less than before. */
  write(content: CheckpointContent, state: ReadonlyMap<string, OutputValue>): CheckpointRecord {
    const record = writeCheckpoint(this.folder, content, state, this.#disk);
    this.#retain(record.progress.step, record.progress.best?.step ?? null);
    return record;
  }

  /**
   * Reads the last whole checkpoint, null where there is none at all. Damaged ones are moved to a folder beside, so that
   * they are not taken for good ones again and can still be looked at.
   */
  recover(): OpenedCheckpoint | null {
    this.#clean();
    if (checkpointSteps(this.folder).length === 0) return null;
    const opened = openCheckpoint(this.folder, 'last');
    for (const step of checkpointSteps(this.folder)) {
      if (step > opened.record.progress.step) this.#setAside(step);
    }
    return opened;
  }

  /** Keeps the last, the best, the one before the last (to fall back to), and every Nth; within the budget. */
  #retain(last: number, best: number | null): void {
    const { keepEveryEpochs, budgetBytes } = this.#retention;
    const others = checkpointSteps(this.folder).filter((step) => step !== last && step !== best);
    const previous = checkpointSteps(this.folder).findLast((step) => step < last);
    const kept: number[] = [];
    for (const step of others) {
      const progress = tryRecord(this.folder, step)?.progress;
      const endsEpoch = progress?.stepInEpoch === 0 && progress.epoch > 0;
      const isNth = keepEveryEpochs > 0 && endsEpoch && progress.epoch % keepEveryEpochs === 0;
      if (isNth || step === previous) kept.push(step);
      else this.#remove(step);
    }
    if (budgetBytes === 0) return;
    const size = (step: number) => checkpointBytes(this.folder, step);
    let total = size(last) + (best === null || best === last ? 0 : size(best));
    for (const step of kept.toReversed()) {
      total += size(step);
      if (total > budgetBytes) this.#remove(step);
    }
  }

  #remove(step: number): void {
    const files = checkpointFiles(this.folder, step);
    // The record first: a checkpoint without it does not exist, so a kill in between leaves no half one.
    rmSync(files.record, { force: true });
    rmSync(files.tensors, { force: true });
  }

  #setAside(step: number): void {
    const aside = path.join(this.folder, 'damaged');
    mkdirSync(aside, { recursive: true });
    const files = checkpointFiles(this.folder, step);
    for (const file of [files.record, files.tensors]) renameSync(file, path.join(aside, path.basename(file)));
    syncFolderSync(this.folder);
  }

  /** Removes what a kill left half done: temporary files, tensors without a record. */
  #clean(): void {
    const names = listFolder(this.folder);
    for (const name of names) {
      const lone = name.endsWith('.safetensors') && !names.includes(name.replace(/safetensors$/, 'json'));
      if (lone || isTemporaryName(name)) rmSync(path.join(this.folder, name), { force: true });
    }
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}
