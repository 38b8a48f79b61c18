import { z } from 'zod';
import { listeningSummarySchema } from '../commands/listening-tests.ts';
import { defineEvent } from '../event.ts';

export const listeningTestChanged = defineEvent({
  name: 'listening test changed',
  summary: 'A listening test was begun, went on, ended, or was brought back',
  payload: z.strictObject({ test: listeningSummarySchema }),
  coalesce: ({ test }) => test.test,
});

export const listeningTestRemoved = defineEvent({
  name: 'listening test removed',
  summary: 'A listening test was deleted; it can be restored',
  payload: z.strictObject({ test: z.string() }),
});
