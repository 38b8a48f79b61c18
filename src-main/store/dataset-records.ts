import { z } from 'zod';
import type { Dataset, Recording, SkippedFile } from '../corpora/recording.ts';

/** The datasets' records as they lie on disk: read back only through these schemas. */

const split = z.enum(['train', 'validation', 'test']);
const count = z.int().min(0);
const seconds = z.number().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const recordingSchema = z.strictObject({
  id: z.string().min(1),
  bytes: count,
  modifiedMs: z.number(),
  contentHash: sha256,
  sampleRateHz: z.number().positive(),
  channels: z.int().min(1),
  durationSec: seconds,
  peak: z.number().min(0),
  rms: z.number().min(0),
  speaker: z.string().nullable(),
  label: z.string().nullable(),
  split,
  // Datasets written before transcripts were read have none.
  transcript: z.string().nullable().default(null),
}) satisfies z.ZodType<Recording>;

export const skippedFileSchema = z.strictObject({
  id: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
}) satisfies z.ZodType<SkippedFile>;

export const datasetSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  folder: z.string().min(1),
  layout: z.string(),
  layoutNote: z.string(),
  createdMs: z.number(),
  scannedMs: z.number(),
  recordings: count,
  skipped: count,
  silent: count,
  durationSec: seconds,
  speakers: z.array(z.string()),
  labels: z.array(z.string()),
  splits: z.strictObject({ train: count, validation: count, test: count }),
  splitNote: z.string(),
  splitHash: sha256,
}) satisfies z.ZodType<Dataset>;

/** A list of records in a file beside dataset.json: its name, and what its content must hash to. */
const listFile = z.strictObject({ file: z.string().regex(/^[\w.-]+$/), lines: count, sha256 });

/** dataset.json: the dataset, and the lists that belong to it. Replacing this one file replaces everything at once. */
export const datasetFileSchema = z.strictObject({
  format: z.literal('resynth-dataset'),
  version: z.literal(1),
  dataset: datasetSchema,
  lists: z.strictObject({ recordings: listFile, skipped: listFile }),
});

export type DatasetFile = z.output<typeof datasetFileSchema>;
export type ListFile = z.output<typeof listFile>;
