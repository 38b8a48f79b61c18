import { z } from 'zod';
import { defineCommand } from '../command.ts';

export const hostInfoSchema = z.strictObject({
  /** Changes with every start of a host: what a client knew of an earlier one has to be read again. */
  instance: z.string(),
  version: z.string(),
  pid: z.int(),
  /** The data folder. */
  home: z.string(),
  /** Whether a command line finds this data folder without being told of it. */
  isDefaultHome: z.boolean(),
  /** How this host is run. */
  kind: z.enum(['electron', 'web', 'cli']),
  startedMs: z.number(),
  /** Folders that the folder browser offers first. */
  places: z.array(z.strictObject({ title: z.string(), folder: z.string() })),
  /** Free space where the data folder is; null where the system does not say. */
  freeBytes: z.number().nullable(),
  /** What the user has to know about this data folder: a database that was restored, a disk that is nearly full. */
  notices: z.array(
    z.strictObject({
      id: z.string(),
      level: z.enum(['info', 'warning', 'error']),
      message: z.string(),
      remedy: z.string(),
    }),
  ),
});
export type HostInfo = z.output<typeof hostInfoSchema>;

export const hostInfo = defineCommand({
  name: 'host info',
  readOnly: true,
  summary: 'Show which process owns the data folder, since when, and what it has to tell',
  input: z.strictObject({}),
  output: hostInfoSchema,
  examples: ['host info --json'],
});

export const hostNoticeDismiss = defineCommand({
  name: 'host dismiss',
  summary: 'Take a notice away',
  audience: 'window',
  input: z.strictObject({ notice: z.string() }),
  output: z.strictObject({}),
});

/** One thing that the host does for somebody, long enough to be watched: indexing, the sample corpus, an estimate. */
export const jobSchema = z.strictObject({
  id: z.string(),
  /** Name of the command that it carries out. */
  command: z.string(),
  /** What it is, in a few words: 'Index /data/fsdd'. */
  title: z.string(),
  /** Id of the dataset or run that it is about, where there is one. */
  subject: z.string().nullable(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedMs: z.number(),
  endedMs: z.number().nullable(),
  stage: z.string(),
  done: z.number().nullable(),
  total: z.number().nullable(),
  unit: z.string().nullable(),
  detail: z.string().nullable(),
  /** Per second, over the last seconds. */
  rate: z.number().nullable(),
  etaSec: z.number().nullable().meta({ unit: 's' }),
  warnings: z.array(z.string()),
  error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
});
export type Job = z.output<typeof jobSchema>;

export const jobsList = defineCommand({
  name: 'jobs list',
  readOnly: true,
  summary: 'List what the host is doing, and what it did of late',
  input: z.strictObject({}),
  output: z.strictObject({ jobs: z.array(jobSchema) }),
  examples: ['jobs list --json'],
});

export const jobsCancel = defineCommand({
  name: 'jobs cancel',
  summary: 'Cancel something that the host is doing; what was there before stays as it was',
  input: z.strictObject({
    job: z.string().min(1).meta({ title: 'Job', help: 'Its id; `jobs list` shows it.' }),
  }),
  output: z.strictObject({ job: z.string(), state: z.string() }),
  positionals: ['job'],
});

/** Preferences that outlive the window: layout of tables, theme, last folder. Values are the window's own JSON. */
export const settingsGet = defineCommand({
  name: 'settings get',
  readOnly: true,
  summary: 'Read the preferences of the window',
  audience: 'window',
  input: z.strictObject({}),
  output: z.strictObject({ settings: z.record(z.string(), z.unknown()) }),
});

export const settingsSet = defineCommand({
  name: 'settings set',
  summary: 'Keep a preference of the window',
  audience: 'window',
  input: z.strictObject({ key: z.string().min(1).max(200), value: z.unknown() }),
  output: z.strictObject({}),
});
