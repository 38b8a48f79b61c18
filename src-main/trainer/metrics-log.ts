import { closeSync, fdatasyncSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { writeAll } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import { asRunWriteError } from './write-error.ts';

/**
 * One line of metrics.jsonl. `step` counts finished optimiser steps. A line with split 'segment' opens a segment: `step`
 * is where it began, so that what earlier segments wrote beyond that step is superseded.
 */
export interface MetricsRow {
  segment: number;
  step: number;
  /** The epoch under way, or just ended for a validation; the first is 1. */
  epoch: number;
  /** Milliseconds since 1970. */
  wallMs: number;
  /** Milliseconds that the run has trained so far: it goes on over segments and leaves pauses and preparations out. */
  processMs: number;
  split: 'segment' | 'train' | 'validation';
  values: Record<string, number>;
}

const numberSchema = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((text) => Number(text)),
]);

const rowSchema = z.object({
  segment: z.int(),
  step: z.int(),
  epoch: z.int(),
  wallMs: z.number(),
  processMs: z.number(),
  split: z.enum(['segment', 'train', 'validation']),
  values: z.record(z.string(), numberSchema),
});

const flushEveryMs = 250;

/** Appends rows to metrics.jsonl: buffered, written at least every 250 ms of appending and whenever `flush` is called. */
export class MetricsWriter {
  readonly #file: string;
  readonly #descriptor: number;
  #buffer: string[] = [];
  #flushedMs = performance.now();

  constructor(file: string) {
    this.#file = file;
    try {
      this.#descriptor = openSync(file, 'a+');
      // A line torn by a kill is ended, so that the next one does not become part of it.
      if (!endsWithNewline(this.#descriptor)) writeSync(this.#descriptor, '\n');
    } catch (thrown) {
      throw asRunWriteError(thrown, file);
    }
  }

  append(row: MetricsRow): void {
    this.#buffer.push(JSON.stringify(row, nonFiniteAsText));
    if (performance.now() - this.#flushedMs >= flushEveryMs) this.flush();
  }

  /** Hands the rows to the system (they survive this process); `durable` waits for the disk (they survive the machine). */
  flush(durable = false): void {
    this.#flushedMs = performance.now();
    try {
      if (this.#buffer.length > 0) {
        const bytes = Buffer.from(`${this.#buffer.join('\n')}\n`);
        writeAll({ write: writeSync }, this.#descriptor, bytes);
        this.#buffer = [];
      }
      if (durable) fdatasyncSync(this.#descriptor);
    } catch (thrown) {
      throw asRunWriteError(thrown, this.#file);
    }
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }
}

/** Training time of the row at `step` or the last one before it, in milliseconds: where a segment that begins there goes on. */
export function processMsAt(rows: readonly MetricsRow[], step: number): number {
  return rows.reduce((latest, row) => (row.step <= step ? Math.max(latest, row.processMs) : latest), 0);
}

export interface MetricsHistory {
  /** Rows of 'train' and 'validation', by step; every (split, step) once, however often the run was killed and resumed. */
  rows: MetricsRow[];
  /** The number that the next segment takes. */
  nextSegment: number;
  /** Lines that could not be read: at most one for every kill. */
  tornLines: number;
}

/** Reads metrics.jsonl; a missing file is an empty history. */
export function readMetrics(file: string): MetricsHistory {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return { rows: [], nextSegment: 0, tornLines: 0 };
    throw thrown;
  }
  return mergeSegments(text);
}

/**
 * The history that a run without interruptions would have: a segment supersedes what earlier ones wrote beyond the step
 * where it began.
 */
export function mergeSegments(text: string): MetricsHistory {
  const all: MetricsRow[] = [];
  const beganAt = new Map<number, number>();
  let tornLines = 0;
  let nextSegment = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const row = parseMetricsRow(line);
    if (!row) {
      tornLines++;
      continue;
    }
    nextSegment = Math.max(nextSegment, row.segment + 1);
    if (row.split === 'segment') beganAt.set(row.segment, row.step);
    else all.push(row);
  }
  const limits = supersededAfter(beganAt);
  const kept = new Map<string, MetricsRow>();
  for (const row of all.sort((a, b) => a.segment - b.segment)) {
    // A validation at the very step of a checkpoint may have been done again: the later one counts.
    if (row.step <= (limits.get(row.segment) ?? Number.POSITIVE_INFINITY))
      kept.set(`${row.split} ${row.step}`, row);
  }
  const rows = [...kept.values()].sort((a, b) => a.step - b.step || (a.split < b.split ? -1 : 1));
  return { rows, nextSegment, tornLines };
}

/** For each segment the step after which a later one took over. */
function supersededAfter(beganAt: ReadonlyMap<number, number>): Map<number, number> {
  const limits = new Map<number, number>();
  let limit = Number.POSITIVE_INFINITY;
  for (const segment of [...beganAt.keys()].sort((a, b) => b - a)) {
    limits.set(segment, limit);
    limit = Math.min(limit, beganAt.get(segment) ?? limit);
  }
  return limits;
}

/** One line of metrics.jsonl; null where it is torn or not ours. */
export function parseMetricsRow(line: string): MetricsRow | null {
  try {
    const parsed = rowSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: the torn end of a killed process. It is counted by the caller.
    return null;
  }
}

// JSON has no NaN or Infinity, and a diverged loss must still read as what it was.
function nonFiniteAsText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function endsWithNewline(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(descriptor, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}
