import { z } from 'zod';
import { evaluationSummarySchema } from '../commands/evaluate.ts';
import { externalSystemSchema } from '../commands/systems.ts';
import { defineEvent } from '../event.ts';

export const evaluationChanged = defineEvent({
  name: 'evaluation changed',
  summary: 'An evaluation was begun, went on, ended, or was brought back',
  payload: z.strictObject({ evaluation: evaluationSummarySchema }),
  coalesce: ({ evaluation }) => evaluation.evaluation,
});

export const evaluationRemoved = defineEvent({
  name: 'evaluation removed',
  summary: 'An evaluation was deleted; it can be restored',
  payload: z.strictObject({ evaluation: z.string() }),
});

export const systemChanged = defineEvent({
  name: 'system changed',
  summary: 'An external system was made known, or matched anew',
  payload: z.strictObject({ system: externalSystemSchema }),
  coalesce: ({ system }) => system.system,
});

export const systemRemoved = defineEvent({
  name: 'system removed',
  summary: 'An external system was forgotten',
  payload: z.strictObject({ system: z.string() }),
});
