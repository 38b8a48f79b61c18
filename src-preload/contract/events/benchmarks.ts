import { z } from 'zod';
import { benchmarkSummarySchema } from '../commands/benchmark.ts';
import { defineEvent } from '../event.ts';

export const benchmarkChanged = defineEvent({
  name: 'benchmark changed',
  summary: 'A benchmark was kept, or is about other systems or recordings now',
  payload: z.strictObject({ benchmark: benchmarkSummarySchema }),
  coalesce: ({ benchmark }) => benchmark.benchmark,
});

export const benchmarkRemoved = defineEvent({
  name: 'benchmark removed',
  summary: 'A benchmark was forgotten; its evaluations are still there',
  payload: z.strictObject({ benchmark: z.string() }),
});
