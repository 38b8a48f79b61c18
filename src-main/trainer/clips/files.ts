import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { featurePipelineSchema } from '../../dsp/pipeline.ts';
import { writeFileAtomicSync } from '../../files/atomic-file.ts';
import { errorCode } from '../../files/system-errors.ts';
import { isTemporaryName } from '../../files/temporaries.ts';
import { readJson, runFiles } from '../run-record.ts';
import { decodeSafetensors, encodeSafetensors, readSafetensorsMetadata } from '../safetensors.ts';
import { asRunWriteError } from '../write-error.ts';

/**
 * The folder clips/ of a run: what its model makes of a few fixed clips, and when.
 *
 *   index.json           which recordings, in which order; how they were preprocessed; the levels that 0 and 1 stand for
 *   <step>.safetensors   `reconstruction` [clips, bins, frames] in 0..1; metadata: step, epoch, mse (one a clip, in order)
 *
 * Each file appears whole. They are not flushed to the disk: a power cut may cost the last of them, never the run. A step
 * counts finished optimiser steps; a resume deletes the steps after the one where it begins and makes them again.
 */

const clipSchema = z.strictObject({
  /** Id of the recording in the dataset. */
  recording: z.string(),
  /** sha256 of its bytes, where it is known. */
  contentHash: z.string().nullable(),
  speaker: z.string().nullable(),
  label: z.string().nullable(),
  /** Of the whole recording. */
  durationSec: z.number(),
  /** Seconds of the clip that are recording rather than padding. */
  spokenSec: z.number(),
  /** Levels that 0 and 1 of its features stand for. */
  minDb: z.number(),
  maxDb: z.number(),
});

export type RunClip = z.output<typeof clipSchema>;

const indexSchema = z.strictObject({
  schema: z.literal(1),
  /** Where the clips are from: the training split in a dataset without validation. */
  split: z.enum(['validation', 'train']),
  /** The pipeline between a recording and the model. */
  features: featurePipelineSchema,
  /** Bins and frames of a clip. */
  shape: z.tuple([z.int(), z.int()]),
  clips: z.array(clipSchema).min(1),
});

export type ClipIndex = z.output<typeof indexSchema>;

/** What is known of a decoded step without reading its levels. */
export interface ClipStep {
  step: number;
  epoch: number;
  /** Mean squared error of the 0..1 features of each clip. */
  mse: number[];
}

const tensorName = 'reconstruction';

/** The index of a run's clips; null where it has none (not begun, or trained without them). Throws runs/record-damaged. */
export function readClipIndex(runFolder: string): ClipIndex | null {
  const file = indexFile(runFolder);
  if (!statSync(file, { throwIfNoEntry: false })) return null;
  return readJson(file, indexSchema);
}

/** Replaces the index. Throws runs/disk-full, files/not-writable. */
export function writeClipIndex(runFolder: string, index: ClipIndex): void {
  const text = `${JSON.stringify(indexSchema.parse(index), null, 2)}\n`;
  writeFileAtomicSync(indexFile(runFolder), text, { durable: false, asError: asRunWriteError });
}

/** Steps at which the clips were decoded, ascending, from the names of the files alone. */
export function clipSteps(runFolder: string): number[] {
  return listFolder(runFiles(runFolder).clips)
    .flatMap((name) => /^(\d{9,})\.safetensors$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Epoch and errors of one step, from the head of its file. Throws runs/safetensors-damaged. */
export function readClipStep(runFolder: string, step: number): ClipStep {
  const file = clipStepFile(runFolder, step);
  return stepOf(readSafetensorsMetadata(file), step);
}

/** What the model made of every clip at `step`: `[clips, bins, frames]` in 0..1. Throws runs/safetensors-damaged. */
export function readClipLevels(runFolder: string, step: number): ClipStep & { reconstruction: Float32Array } {
  const file = clipStepFile(runFolder, step);
  const { tensors, metadata } = decodeSafetensors(readFileSync(file), file);
  const data = tensors.get(tensorName)?.data;
  if (!(data instanceof Float32Array)) throw new Error(`${file} has no ${tensorName}`);
  return { ...stepOf(metadata, step), reconstruction: data };
}

/** Writes one step, whole or not at all. Throws runs/disk-full, files/not-writable. */
export function writeClipLevels(
  runFolder: string,
  { step, epoch, mse }: ClipStep,
  reconstruction: { data: Float32Array; shape: number[] },
): void {
  const chunks = encodeSafetensors(new Map([[tensorName, reconstruction]]), {
    step: String(step),
    epoch: String(epoch),
    mse: mse.join(' '),
  });
  const file = clipStepFile(runFolder, step);
  writeFileAtomicSync(file, chunks, { durable: false, asError: asRunWriteError });
}

/** Deletes what was decoded after `step`, and what a kill left half written. */
export function removeClipStepsAfter(runFolder: string, step: number): void {
  for (const later of clipSteps(runFolder))
    if (later > step) rmSync(clipStepFile(runFolder, later), { force: true });
  const folder = runFiles(runFolder).clips;
  for (const name of listFolder(folder))
    if (isTemporaryName(name)) rmSync(path.join(folder, name), { force: true });
}

/** The file of one step. */
export function clipStepFile(runFolder: string, step: number): string {
  return path.join(runFiles(runFolder).clips, `${String(step).padStart(9, '0')}.safetensors`);
}

function indexFile(runFolder: string): string {
  return path.join(runFiles(runFolder).clips, 'index.json');
}

function stepOf(metadata: Record<string, string>, step: number): ClipStep {
  const mse = (metadata.mse ?? '').split(' ').filter(Boolean).map(Number);
  return { step, epoch: Number(metadata.epoch ?? 0), mse };
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}
