import { existsSync } from 'node:fs';
import { z } from 'zod';
import { liveProgressSchema } from '../../src-preload/contract/commands/runs-live.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import type { LockHolder } from '../processes/lock-file.ts';
import { lockHolder } from './lock.ts';
import { readJson, runFiles } from './run-record.ts';
import { asRunWriteError } from './write-error.ts';

/** A live trainer is starting, running or paused; interrupted is a live state whose process has gone. */
export const runStateSchema = z.enum([
  'queued',
  'starting',
  'running',
  'paused',
  'stopped',
  'finished',
  'failed',
  'interrupted',
]);

export type RunState = z.output<typeof runStateSchema>;

export const bestSchema = z.strictObject({
  step: z.int(),
  epoch: z.int(),
  value: z.number(),
  split: z.string(),
});

export type Best = z.output<typeof bestSchema>;

/**
 * status.json: where a run is. Written by its trainer, whole or not at all: at every change of state, and up to four times
 * a second while it works, with its live numbers in `progress`. A reader looks at the lock as well (`readRunStatus`).
 */
export const runStatusSchema = z.strictObject({
  state: runStateSchema,
  /** Why it stopped, failed or was interrupted, in a sentence; null while there is nothing to say. */
  reason: z.string().nullable(),
  /** The error behind `failed`, as the contract carries it. */
  error: z
    .strictObject({
      code: z.string(),
      message: z.string(),
      remedy: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    })
    .nullable(),
  /** What the user should know of this start: a damaged checkpoint passed over, a different device. */
  notes: z.array(z.string()),
  segment: z.int(),
  step: z.int(),
  epoch: z.int(),
  epochs: z.int(),
  stepsPerEpoch: z.int(),
  best: bestSchema.nullable(),
  lastCheckpoint: z.int().nullable(),
  updatedMs: z.number(),
  /** Number of the last control message obeyed. */
  control: z.int(),
  /** Live numbers of a trainer that works now, else null. Files of the first version have none. */
  progress: liveProgressSchema.nullable().default(null),
});

export type RunStatus = z.output<typeof runStatusSchema>;

export const initialStatus: RunStatus = {
  state: 'queued',
  reason: null,
  error: null,
  notes: [],
  segment: 0,
  step: 0,
  epoch: 0,
  epochs: 0,
  stepsPerEpoch: 0,
  best: null,
  lastCheckpoint: null,
  updatedMs: 0,
  control: 0,
  progress: null,
};

/** The status and who trains the run now. A state that needs a process is 'interrupted' when there is none. */
export function readRunStatus(folder: string): { status: RunStatus; holder: LockHolder | null } {
  const file = runFiles(folder).status;
  // The lock is looked at first: a trainer that ends in between has written its last state before it let go.
  const holder = lockHolder(folder);
  const status = readOrRebuild(file);
  if (holder || !isLive(status.state)) return { status, holder };
  const reason = `its trainer ended without a word at step ${status.step} (killed, or the machine went down)`;
  return { status: { ...status, state: 'interrupted', reason, progress: null }, holder: null };
}

/** A status that a power cut emptied must not hide its run: its checkpoints are whole, and a resume writes a new one. */
function readOrRebuild(file: string): RunStatus {
  if (!existsSync(file)) return initialStatus;
  try {
    return readJson(file, runStatusSchema);
  } catch (thrown) {
    if (!(thrown instanceof ResynthError)) throw thrown;
    const note = `${thrown.message} Resuming goes on from the last checkpoint.`;
    return { ...initialStatus, state: 'interrupted', reason: 'its status file is damaged', notes: [note] };
  }
}

/** Whether a state needs a process. */
function isLive(state: RunState): boolean {
  return state === 'starting' || state === 'running' || state === 'paused';
}

/** Replaces status.json. Never half written; not fsynced, since a stale status is put right by the lock. */
export function writeRunStatus(folder: string, status: RunStatus): void {
  const text = `${JSON.stringify({ ...status, updatedMs: Date.now() }, null, 2)}\n`;
  writeFileAtomicSync(runFiles(folder).status, text, { durable: false, asError: asRunWriteError });
}
