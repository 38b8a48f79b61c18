import { readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { backendNoteSchema, type BackendNote } from '../../../src-preload/contract/commands/doctor.ts';

/** A failure is not repeated at every start for this long: the second start stays fast without a network. */
const rememberedMinutes = 10;

/** Failures that take long to find out again; what a cheap look finds (no Python, no compiler) is looked for each time. */
const slowToRepeat = ['engine/download-failed', 'engine/wheel-corrupt', 'engine/compile-failed'];

const attemptsSchema = z.record(
  z.string(),
  z.strictObject({ atMs: z.number(), notes: z.array(backendNoteSchema) }),
);
type Attempts = z.output<typeof attemptsSchema>;

async function readAttempts(file: string): Promise<Attempts> {
  try {
    const parsed = attemptsSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch {
    // Absent or damaged: nothing is remembered, so everything is tried.
    return {};
  }
}

/** Why a target could not be installed a short while ago, or nothing. */
export async function recallFailure(
  file: string,
  target: string,
  nowMs = Date.now(),
): Promise<BackendNote[]> {
  const attempt = (await readAttempts(file))[target];
  if (!attempt || Math.abs(nowMs - attempt.atMs) > rememberedMinutes * 60_000) return [];
  return attempt.notes.some((note) => slowToRepeat.includes(note.code)) ? attempt.notes : [];
}

/** Why the last attempt at a target failed, however long ago: for those who only look. */
export async function lastFailure(file: string, target: string): Promise<BackendNote[]> {
  return (await readAttempts(file))[target]?.notes ?? [];
}

/** Keeps the reasons. A cache that cannot be written loses them, and only a little time with them. */
export async function rememberFailure(
  file: string,
  target: string,
  notes: readonly BackendNote[],
): Promise<void> {
  const attempts = await readAttempts(file);
  attempts[target] = { atMs: Date.now(), notes: [...notes] };
  await writeFile(file, JSON.stringify(attempts, null, 1)).catch(() => undefined);
}

/** A target that is installed has no failure any more. */
export async function forgetFailure(file: string, target: string): Promise<void> {
  const attempts = await readAttempts(file);
  delete attempts[target];
  if (Object.keys(attempts).length === 0) await rm(file, { force: true });
  else await writeFile(file, JSON.stringify(attempts, null, 1)).catch(() => undefined);
}
