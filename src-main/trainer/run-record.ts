import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { backendChoiceSchema } from '../../src-preload/contract/commands/doctor.ts';
import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import { asRunWriteError } from './write-error.ts';

/** What must be the same for a resumed run to end bit-identical. */
export const environmentSchema = z.strictObject({
  /** The engine's backend: tensorflow, webgpu, javascript. */
  backend: z.string(),
  /** 'cpu', 'gpu', 'gpu:1', 'software'. */
  device: z.string(),
  deviceName: z.string(),
  /** Null where the backend has no such setting. */
  threads: z.strictObject({ intraOp: z.int(), interOp: z.int() }).nullable(),
  mode: z.enum(['compiled', 'eager']),
  /** Whether the same environment gives the same bits each time. */
  deterministic: z.boolean(),
  /** Versions by name: resynth, node, tensorflow, ... */
  versions: z.record(z.string(), z.string()),
});

export type RunEnvironment = z.output<typeof environmentSchema>;

const settings = z.record(z.string(), z.unknown());

/**
 * The resolved configuration of a run, as `models/config.ts` made it: nothing is left to defaults that may change with a
 * version. Its values are checked by their own schemas (`parseConfig`).
 */
export const runConfigSchema = z.strictObject({
  preset: z.string(),
  family: z.string(),
  model: settings,
  features: settings,
  training: settings,
  /** Settings that are not as the preset has them. */
  differences: z.array(
    z.strictObject({ setting: z.string(), preset: z.unknown(), chosen: z.unknown(), derived: z.boolean() }),
  ),
});

export const runDatasetSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  splitHash: z.string(),
});

/** run.json: what a run is. Only its epochs (extend) and environment (first start) change after it was made. */
export const runRecordSchema = z.strictObject({
  schema: z.literal(1),
  id: z.string(),
  name: z.string(),
  createdMs: z.number(),
  config: runConfigSchema,
  dataset: runDatasetSchema,
  /** What was asked of the engine; null lets it choose. */
  engine: z.strictObject({
    backend: backendChoiceSchema.nullable(),
    device: z.string().nullable(),
    threads: z.int().nullable(),
  }),
  /** The environment of the first start, null before it. */
  environment: environmentSchema.nullable(),
  /** Where its first weights came from: of a fork the run that it goes on from, of a sampler the one whose codes it models. */
  parent: z.strictObject({ run: z.string(), name: z.string(), step: z.int() }).nullable(),
  extensions: z.array(z.strictObject({ atMs: z.number(), fromEpochs: z.int(), toEpochs: z.int() })),
});

export type RunRecord = z.output<typeof runRecordSchema>;

/** Files of a run folder. */
export function runFiles(folder: string) {
  return {
    folder,
    id: path.basename(folder),
    record: path.join(folder, 'run.json'),
    status: path.join(folder, 'status.json'),
    metrics: path.join(folder, 'metrics.jsonl'),
    latents: path.join(folder, 'latents.jsonl'),
    control: path.join(folder, 'control.json'),
    log: path.join(folder, 'log.txt'),
    checkpoints: path.join(folder, 'checkpoints'),
    clips: path.join(folder, 'clips'),
  };
}

/** run.json of a run folder. Throws runs/record-damaged. */
export function readRunRecord(folder: string): RunRecord {
  return readJson(runFiles(folder).record, runRecordSchema);
}

/** Replaces run.json, whole or not at all. Throws runs/disk-full, files/not-writable. */
export function writeRunRecord(folder: string, record: RunRecord): void {
  const text = JSON.stringify(runRecordSchema.parse(record), null, 2);
  writeFileAtomicSync(runFiles(folder).record, `${text}\n`, { asError: asRunWriteError });
}

/** Reads and validates a JSON file of a run; `runs/record-damaged` names the file and what is wrong with it. */
export function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    const detail = errorCode(thrown) === 'ENOENT' ? 'it is missing' : messageOf(thrown);
    throw new ResynthError('runs/record-damaged', { file, detail }, { cause: thrown });
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const detail = z.prettifyError(parsed.error).replaceAll('\n', ' ');
    throw new ResynthError('runs/record-damaged', { file, detail }, { cause: parsed.error });
  }
  return parsed.data;
}
