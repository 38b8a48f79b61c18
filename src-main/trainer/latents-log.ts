import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import type { LatentStatistics } from './latent-statistics.ts';
import { asRunWriteError } from './write-error.ts';

/** One line of latents.jsonl: what the validation at `step` (finished optimiser steps) found of each latent dimension. */
export interface LatentsRow extends LatentStatistics {
  step: number;
  /** The epoch that has ended; the first is 1. */
  epoch: number;
}

// JSON has no NaN or Infinity: a diverged model's numbers are kept as null and read as NaN.
const numbers = z.array(
  z
    .number()
    .nullable()
    .transform((value) => value ?? Number.NaN),
);

const rowSchema = z.object({
  step: z.int(),
  epoch: z.int(),
  klPerDimension: numbers,
  code: z.object({ mean: numbers, deviation: numbers, low: numbers, high: numbers }).nullable(),
  // Runs of versions before mixtures have none.
  componentShares: numbers.nullable().default(null),
});

/** So many digits: more than a picture shows, at half the size of a whole double. */
const digits = 6;

/** Appends one row. @throws ResynthError runs/disk-full, files/not-writable. */
export function appendLatents(file: string, row: LatentsRow): void {
  try {
    appendFileSync(file, `${lineOf(row)}\n`);
  } catch (thrown) {
    throw asRunWriteError(thrown, file);
  }
}

/**
 * Takes out what was logged after `step`, and a line that a kill has torn: training goes on from there and logs it again.
 * The file is replaced whole or left as it is.
 *
 * @throws ResynthError runs/disk-full, files/not-writable.
 */
export function cutLatentsAfter(file: string, step: number): void {
  const text = readText(file);
  if (text === '') return;
  const kept = parseLatents(text).filter((row) => row.step <= step);
  const next = kept.map((row) => `${lineOf(row)}\n`).join('');
  if (next === text) return;
  writeFileAtomicSync(file, next, { asError: asRunWriteError });
}

/** The rows of latents.jsonl by step; a missing file has none. */
export function readLatents(file: string): LatentsRow[] {
  return parseLatents(readText(file));
}

/** Rows by step. Of one step that was validated twice (a resume) the later counts; torn lines are passed over. */
export function parseLatents(text: string): LatentsRow[] {
  const rows = new Map<number, LatentsRow>();
  for (const line of text.split('\n')) {
    const row = line === '' ? null : parseLine(line);
    if (row) rows.set(row.step, row);
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}

function parseLine(line: string): LatentsRow | null {
  try {
    const parsed = rowSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: the torn end of a killed process.
    return null;
  }
}

function lineOf({ step, epoch, klPerDimension, code, componentShares }: LatentsRow): string {
  return JSON.stringify({ step, epoch, klPerDimension, code, componentShares }, (key, value: unknown) =>
    typeof value === 'number' && key !== 'step' && key !== 'epoch'
      ? Number(value.toPrecision(digits))
      : value,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return '';
    throw thrown;
  }
}
