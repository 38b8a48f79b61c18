import { z } from 'zod';
import { hostInfoSchema, jobSchema } from '../commands/host.ts';
import { defineEvent } from '../event.ts';

export const jobChanged = defineEvent({
  name: 'job changed',
  summary: 'Something that the host does has begun, got on, or ended',
  payload: z.strictObject({ job: jobSchema }),
  // Only how far it is now is of use to a window that was busy.
  coalesce: ({ job }) => (job.state === 'running' ? job.id : null),
});

export const hostChanged = defineEvent({
  name: 'host changed',
  summary: 'The host has something to tell',
  payload: z.strictObject({ host: hostInfoSchema }),
});

export const settingChanged = defineEvent({
  name: 'setting changed',
  summary: 'A window has kept a preference',
  payload: z.strictObject({ key: z.string(), value: z.unknown() }),
});
