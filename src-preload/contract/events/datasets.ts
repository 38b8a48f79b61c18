import { z } from 'zod';
import { datasetSummarySchema } from '../commands/datasets.ts';
import { defineEvent } from '../event.ts';

export const datasetChanged = defineEvent({
  name: 'dataset changed',
  summary: 'A dataset was added, scanned again, renamed, divided anew, or its folder came or went',
  payload: z.strictObject({ dataset: datasetSummarySchema }),
});

export const datasetRemoved = defineEvent({
  name: 'dataset removed',
  summary: 'A dataset was removed; it can be restored',
  payload: z.strictObject({ id: z.string(), name: z.string() }),
});
