import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { evaluationId, evaluationSummarySchema, intervalSchema, outPath } from './evaluate.ts';

/** The figures of two evaluations on the same recordings, taken from each other: other minus first. */
export const differenceSchema = z.strictObject({
  n: z.int(),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  interval: intervalSchema.nullable(),
  /** Recordings on which the other is the better one, the worse one, and neither. */
  better: z.int(),
  worse: z.int(),
  ties: z.int(),
  wilcoxon: z
    .strictObject({
      /** The sum of the ranks of positive differences. */
      positiveRankSum: z.number(),
      /** Differences that are not zero. */
      n: z.int(),
      /** Two-sided. */
      pValue: z.number(),
      method: z.enum(['exact', 'normal']),
    })
    .nullable(),
});
export type PairedDifference = z.output<typeof differenceSchema>;

export const evaluationComparisonSchema = z.strictObject({
  evaluations: z.array(evaluationSummarySchema),
  /** Recordings that all of them judged. */
  recordings: z.int(),
  metrics: z.array(
    z.strictObject({
      key: z.string(),
      title: z.string(),
      unit: z.string(),
      better: z.enum(['higher', 'lower']),
      /** One an evaluation, over the recordings where every one of them has a figure. */
      columns: z.array(
        z.strictObject({
          n: z.int(),
          mean: z.number().nullable(),
          interval: intervalSchema.nullable(),
          /** Against the first; null for the first itself. */
          difference: differenceSchema.nullable(),
        }),
      ),
    }),
  ),
  warnings: z.array(z.string()),
});
export type EvaluationComparison = z.output<typeof evaluationComparisonSchema>;

export const evaluateCompare = defineCommand({
  name: 'evaluations compare',
  readOnly: true,
  summary: 'Compare evaluations recording by recording: paired differences, intervals, Wilcoxon signed-rank',
  details:
    'The first is what the others are compared with. Only recordings that all have judged count, and for each metric only those where all have a figure; n says how many. Intervals are seeded percentile bootstraps of the mean (95 %); the Wilcoxon signed-rank test is two-sided, zero differences left out, exact up to 50 differences without ties, else the normal approximation with tie and continuity correction.',
  input: z.strictObject({
    evaluations: z.array(evaluationId).min(2).max(12).meta({ title: 'Evaluations', placeholder: 'A B' }),
    out: outPath.meta({
      title: 'File',
      path: true,
      placeholder: 'FILE.csv',
      help: 'Writes the table as CSV.',
    }),
  }),
  output: evaluationComparisonSchema,
  positionals: ['evaluations'],
  examples: ['evaluations compare 3f2a 9b01', 'evaluations compare 3f2a 9b01 77c4 --json'],
});
