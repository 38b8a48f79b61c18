import { rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { writeFileAtomicSync } from '../../files/atomic-file.ts';
import { readJson } from '../../trainer/run-record.ts';
import { asRunWriteError } from '../../trainer/write-error.ts';

/**
 * What the host keeps in a run folder beside what the trainer writes there: what the user says about the run, and its place
 * in the queue. In the folder, so that it goes where the run goes and does not depend on any index.
 */

const annotationSchema = z.strictObject({
  notes: z.string(),
  tags: z.array(z.string()),
  colour: z.string().nullable(),
});

/** What a user says about a run. */
export type Annotation = z.output<typeof annotationSchema>;

export const noAnnotation: Annotation = { notes: '', tags: [], colour: null };

const queueEntrySchema = z.strictObject({
  /** Smaller ones come first; a move puts one between two others. */
  order: z.number(),
  queuedMs: z.number(),
  /** Epochs to add when it is started. */
  extendEpochs: z.int().min(1).nullable(),
  /** Starts that came to nothing because their host was killed: it is tried once more, never for ever. */
  attempts: z.int().min(0),
});

/** A run's place in the queue. */
export type QueueEntry = z.output<typeof queueEntrySchema>;

const annotationFile = (folder: string): string => path.join(folder, 'annotation.json');
const queueFile = (folder: string): string => path.join(folder, 'queue.json');

/** A damaged one counts as none: it never hides its run. */
export function readAnnotation(folder: string): Annotation {
  return readOr(annotationFile(folder), annotationSchema, noAnnotation);
}

/** Throws runs/disk-full, files/not-writable. */
export function writeAnnotation(folder: string, annotation: Annotation): void {
  write(annotationFile(folder), annotation);
}

/** The run's place in the queue; null where it is in none. */
export function readQueueEntry(folder: string): QueueEntry | null {
  return readOr(queueFile(folder), queueEntrySchema, null);
}

/** Puts a run into the queue, or changes its place. Throws runs/disk-full, files/not-writable. */
export function writeQueueEntry(folder: string, entry: QueueEntry): void {
  write(queueFile(folder), entry);
}

/** Takes a run out of the queue. */
export function removeQueueEntry(folder: string): void {
  rmSync(queueFile(folder), { force: true });
}

function write(file: string, value: object): void {
  writeFileAtomicSync(file, `${JSON.stringify(value, null, 2)}\n`, {
    // A deleted run must not come back as a folder with nothing but this.
    makeFolder: false,
    asError: asRunWriteError,
  });
}

function readOr<Value, Otherwise>(
  file: string,
  schema: z.ZodType<Value>,
  otherwise: Otherwise,
): Value | Otherwise {
  try {
    return readJson(file, schema);
  } catch (thrown) {
    if (thrown instanceof ResynthError && thrown.code === 'runs/record-damaged') return otherwise;
    throw thrown;
  }
}
