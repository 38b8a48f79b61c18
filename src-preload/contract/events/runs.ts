import { z } from 'zod';
import { anyNumber, float64Array } from '../binary.ts';
import { runSummarySchema } from '../commands/runs.ts';
import { liveProgressSchema } from '../commands/runs-live.ts';
import { defineEvent } from '../event.ts';

export const runChanged = defineEvent({
  name: 'run changed',
  summary: 'A run was made, or its state, name, notes, best value or place in the queue is another',
  payload: z.strictObject({ run: runSummarySchema }),
});

export const runRemoved = defineEvent({
  name: 'run removed',
  summary: 'A run was deleted; it can be restored',
  payload: z.strictObject({ run: z.string(), name: z.string() }),
});

export const runProgressed = defineEvent({
  name: 'run progressed',
  summary: 'Live numbers of a run that trains',
  payload: z.strictObject({ run: z.string(), progress: liveProgressSchema }),
  coalesce: ({ run }) => run,
});

/** Rows that a run has logged since the last such event; `runs metrics` gives all of them. */
export const runMeasured = defineEvent({
  name: 'run measured',
  summary: 'A run has logged more of its curves',
  payload: z.strictObject({
    run: z.string(),
    /** True where earlier rows are superseded (a resume went back): the curves have to be read again. */
    superseded: z.boolean(),
    series: z.array(
      z.strictObject({
        split: z.string(),
        key: z.string(),
        steps: float64Array(),
        values: float64Array(),
        epochs: float64Array(),
        wallMs: float64Array(),
        processMs: float64Array(),
      }),
    ),
  }),
});

export const runClipsDecoded = defineEvent({
  name: 'run clips decoded',
  summary: 'A run has decoded its validation clips at one more step',
  payload: z.strictObject({ run: z.string(), step: z.int(), epoch: z.int(), mse: z.array(anyNumber()) }),
});
