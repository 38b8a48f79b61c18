import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { OutputValue } from '../engine/program.ts';
import { type DiskCalls, realDisk, writeFileAtomicSync } from '../files/atomic-file.ts';
import { environmentSchema, readJson, runConfigSchema, runDatasetSchema } from './run-record.ts';
import { bestSchema } from './run-status.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { asRunWriteError } from './write-error.ts';

/** Where a run is: with the tensors, all that the next step depends on. */
const progressSchema = z.strictObject({
  /** Optimiser steps done. */
  step: z.int().min(0),
  /** Epochs finished. */
  epoch: z.int().min(0),
  /**
   * Steps done in the epoch under way: `epochOrder(seed, epoch)` goes on from here. Equal to the steps of an epoch while
   * its validation is still to be done.
   */
  stepInEpoch: z.int().min(0),
  best: bestSchema.nullable(),
  /** Validations since the best one. */
  validationsWithoutBetter: z.int().min(0),
  /** Sums over the steps of the epoch under way, by loss part: its mean goes on from here. */
  epochSums: z.record(z.string(), z.number()),
});

export type TrainingProgress = z.output<typeof progressSchema>;

/** Before the first step. */
export const initialProgress: TrainingProgress = {
  step: 0,
  epoch: 0,
  stepInEpoch: 0,
  best: null,
  validationsWithoutBetter: 0,
  epochSums: {},
};

/** The JSON beside the tensors. Schema version 1. */
export const checkpointSchema = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  savedMs: z.number(),
  config: runConfigSchema,
  dataset: runDatasetSchema,
  environment: environmentSchema,
  seed: z.int(),
  progress: progressSchema,
  /** Losses on the validation split at this step, where they were measured. */
  validation: z.record(z.string(), z.number()).nullable(),
  /** What each number of the code spanned in the validation at this step: what a quantiser need cover. */
  codeRange: z
    .strictObject({ low: z.array(z.number()), high: z.array(z.number()) })
    .nullable()
    .default(null),
  tensors: z.strictObject({ file: z.string(), bytes: z.int(), sha256: z.string() }),
});

export type CheckpointRecord = z.output<typeof checkpointSchema>;

/** What the caller gives; the rest of the record is about the tensor file. */
export type CheckpointContent = Omit<z.input<typeof checkpointSchema>, 'schema' | 'tensors' | 'savedMs'>;

export interface Checkpoint {
  record: CheckpointRecord;
  state: Map<string, OutputValue>;
}

/** The two files of step `step`. The JSON is written last: a checkpoint without it does not exist. */
export function checkpointFiles(folder: string, step: number): { record: string; tensors: string } {
  const base = path.join(folder, String(step).padStart(9, '0'));
  return { record: `${base}.json`, tensors: `${base}.safetensors` };
}

/**
 * Writes a checkpoint: tensors, then their record with the sha256 of the tensor file, each to a temporary file, fsynced
 * and renamed. When it fails (full disk) every earlier checkpoint is as it was and nothing half written is left.
 */
export function writeCheckpoint(
  folder: string,
  content: CheckpointContent,
  state: ReadonlyMap<string, OutputValue>,
  disk: DiskCalls = realDisk,
): CheckpointRecord {
  const files = checkpointFiles(folder, content.progress.step);
  const chunks = encodeSafetensors(state, { format: 'resynth', step: String(content.progress.step) });
  const hash = createHash('sha256');
  let bytes = 0;
  for (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const record: CheckpointRecord = {
    schema: 1,
    ...content,
    codeRange: content.codeRange ?? null,
    savedMs: Date.now(),
    tensors: { file: path.basename(files.tensors), bytes, sha256: hash.digest('hex') },
  };
  const options = { disk, asError: asRunWriteError };
  writeFileAtomicSync(files.tensors, chunks, options);
  const text = JSON.stringify(checkpointSchema.parse(record), null, 2);
  writeFileAtomicSync(files.record, `${text}\n`, options);
  return record;
}

/** Reads a checkpoint and checks it against its sha256; anything wrong is `runs/checkpoint-damaged`, naming the file. */
export function readCheckpoint(folder: string, step: number): Checkpoint {
  const files = checkpointFiles(folder, step);
  try {
    const record = readJson(files.record, checkpointSchema);
    const bytes = readFileSync(files.tensors);
    if (bytes.length !== record.tensors.bytes) {
      throw new Error(`it has ${bytes.length} bytes of ${record.tensors.bytes}`);
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== record.tensors.sha256)
      throw new Error('its content does not have the hash that was recorded');
    return { record, state: decodeSafetensors(bytes, files.tensors).tensors };
  } catch (thrown) {
    const detail = messageOf(thrown);
    throw new ResynthError('runs/checkpoint-damaged', { file: files.tensors, detail }, { cause: thrown });
  }
}

/** Bytes of both files of a checkpoint on the disk. */
export function checkpointBytes(folder: string, step: number): number {
  const files = checkpointFiles(folder, step);
  return [files.record, files.tensors].reduce(
    (total, file) => total + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
