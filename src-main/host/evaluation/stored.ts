import { z } from 'zod';
import {
  codeSummarySchema,
  evaluatedSelectionSchema,
  evaluatedSystemSchema,
  evaluationRowSchema,
  evaluationSettingsSchema,
  speedSchema,
} from '../../../src-preload/contract/commands/evaluate.ts';
import type { FileStretch } from '../../analyst/segment.ts';

/** What the host keeps of an evaluation beside its rows. */
export const aboutSchema = z.strictObject({
  system: evaluatedSystemSchema,
  selection: evaluatedSelectionSchema,
  settings: evaluationSettingsSchema,
  versions: z.record(z.string(), z.string()),
});
export type EvaluationAbout = z.output<typeof aboutSchema>;

/** How far it has got, in short: what lists show without reading the rows. */
export const tallySchema = z.strictObject({
  done: z.int(),
  failed: z.int(),
  means: z.record(z.string(), z.number().nullable()),
});
export type Tally = z.output<typeof tallySchema>;

/** How it ended; the error is null where it came to its end by itself or was taken back. */
export const outcomeSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  tally: tallySchema,
  /** Of a run; evaluations from before runs were timed have none. */
  speed: speedSchema.nullable().default(null),
});
export type EvaluationOutcome = z.output<typeof outcomeSchema>;

/** One recording that is to be judged, as it was when the evaluation began. */
export const itemSchema = z.strictObject({
  recording: z.string(),
  path: z.string(),
  /** Null for a file of no dataset. */
  contentHash: z.string().nullable(),
  label: z.string().nullable(),
  speaker: z.string().nullable(),
  /** Of the file, where the recording is a stretch of it; evaluations from before there were any have none. */
  startSec: z.number().nullable().default(null),
  endSec: z.number().nullable().default(null),
});
export type EvaluationItem = z.output<typeof itemSchema>;

/** The stretch of its file that is judged. */
export function stretchIn({ startSec, endSec }: EvaluationItem): FileStretch {
  return { startSec, endSec };
}

/** What came of one recording. */
export const resultSchema = evaluationRowSchema
  .pick({
    figures: true,
    reasons: true,
    lagSamples: true,
    driftPpm: true,
    gainDb: true,
    judgedSec: true,
    sampleRateHz: true,
    bitsPerSecond: true,
    warnings: true,
    failed: true,
  })
  .extend({
    /** Where in the recording what was judged begins; rows from before this was kept begin at 0. */
    fromSec: z.number().default(0),
    /** Numbers of its code; null where there is none. */
    codeNumbers: z.int().nullable(),
    /** The cell of each number; null for floats. */
    code: z.array(z.int()).nullable(),
  });
export type EvaluationResult = z.output<typeof resultSchema>;

export type CodeSummary = z.output<typeof codeSummarySchema>;

/** A row of figures for a recording that could not be judged. */
export function failedResult(failed: NonNullable<EvaluationResult['failed']>): EvaluationResult {
  return {
    figures: {},
    reasons: {},
    lagSamples: null,
    driftPpm: null,
    gainDb: null,
    judgedSec: null,
    sampleRateHz: null,
    bitsPerSecond: null,
    warnings: [],
    failed,
    fromSec: 0,
    codeNumbers: null,
    code: null,
  };
}
